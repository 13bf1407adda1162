import { findBoth } from '../find/find-both.ts'
import type { Probe, Runner } from '../find/runner.ts'
import { callCapacity } from '../plan/phone/call-capacity.ts'
import { planCapacity } from '../plan/plan.ts'
import type { Capacity } from '../result/capacity.ts'
import { capacityDifference } from '../result/capacity-difference.ts'
import { differenceWords } from '../result/difference-words.ts'
import { loadText } from '../result/load-words.ts'
import { simulateRunner } from '../simulate/simulate.ts'
import type { Workload } from '../workload/workload.ts'
import type { Search } from './capacity-engines.ts'
import { UserError } from './exit-codes.ts'
import { howSearchesKeepUp } from './how-to-keep-up.ts'
import type { Io } from './io.ts'
import { measuredRunner, type MeasuredRunnerOptions } from './measured-runner.ts'
import { checkedWorld, type CheckedWorldOptions } from './preflight.ts'
import { type Purse, purseFor } from './purse.ts'
import { readVariant, readWorkload } from './read-workload.ts'
import type { Findings, RunBook } from './run-book.ts'
import { isUrl } from './send-report.ts'
import { bothRareFailureNotes, bothWithoutRareFailures } from './rare-failures.ts'
import type { World } from './world.ts'
import { withoutSpareSeries } from './without-spare-series.ts'

/** Two systems to be held against each other: deployments, or variants of the file. */
export interface AgainstOptions extends CheckedWorldOptions {
  /** A URL, a workload file, or `path=value`. */
  readonly against: string
  readonly failOnRegression?: number
  readonly engine?: string
  readonly maxSpend?: number
  readonly measured: Pick<MeasuredRunnerOptions, 'scripts' | 'muster'>
  /** How each search goes on, given where to look first and what is usual for its engine. */
  readonly search: (capacity: Capacity, isSimulated: boolean) => Search
}

/** Whether both are real: then B is an address. */
export function isDeployment(against: string, engine: string | undefined): boolean {
  if (isUrl(against)) return requireEngine(engine, ['load'], 'a URL is loaded')
  requireEngine(engine, ['simulate'], 'a variant of the file is simulated; a deployment is a URL')
  return false
}

function requireEngine(engine: string | undefined, wanted: readonly string[], why: string): true {
  if (engine === undefined || wanted.includes(engine)) return true
  throw new UserError(`--against and --engine ${engine} do not go together: ${why}`)
}

const firstAnswer = (workload: Workload): Capacity =>
  workload.phone?.alone ? callCapacity(workload, 1, 'limits') : planCapacity(workload, {})

/** The capacities of both, their trials in turn, and what differs. */
export async function findAgainst(
  workload: Workload,
  options: AgainstOptions,
  book: RunBook,
  io: Io,
  signal: AbortSignal,
): Promise<Findings> {
  const { against, engine, failOnRegression: gate } = options
  const isMeasured = isDeployment(against, engine)
  const change = isMeasured ? 'the target of --against' : against
  const search = options.search(firstAnswer(workload), !isMeasured)
  const sides = isMeasured
    ? await deployments(workload, { ...options, window: search }, book, io, signal)
    : variants(workload, options, search, io)
  const stop = sides.purse ? AbortSignal.any([signal, sides.purse.empty]) : signal
  const line = io.progress('A and B in turn')
  let trial = 0
  const shown =
    (side: string, runner: Runner): Runner =>
    (probe, stopped) => {
      line.update(
        `trial ${++trial} of ${2 * search.probes} at most: ${side} at ${loadText({ ...search, level: probe.level })}`,
      )
      return runner(probe, stopped)
    }
  try {
    const runners = { a: shown('A', sides.a), b: shown('B', sides.b) }
    const { a, b } = await findBoth(runners, search, stop)
    const found = capacityDifference(a, withoutSpareSeries(b), { change, gate })
    return {
      capacities: [withoutSpareSeries(a)],
      summaries: [],
      against: found,
      verdict: differenceWords(a, found),
      notes: [
        ...(sides.purse?.empty.aborted
          ? ['what --max-spend allows was spent: there were fewer trials than there should be']
          : []),
        ...howSearchesKeepUp([a, b], options.speed),
        ...bothRareFailureNotes({ a: workload, b: sides.variant ?? workload }, { a, b }),
      ],
      ...(signal.aborted ? { interrupted: true } : {}),
    }
  } finally {
    line.done()
    await sides.close()
  }
}

interface Sides {
  readonly a: Runner
  readonly b: Runner
  /** What B plays, where it is not the file. */
  readonly variant?: Workload
  readonly close: () => Promise<void>
  readonly purse?: Purse
}

/** A as any target is, B at its address, with the same provider behind both. */
async function deployments(
  workload: Workload,
  options: AgainstOptions & { readonly window: Search },
  book: RunBook,
  io: Io,
  signal: AbortSignal,
): Promise<Sides> {
  let purse: Purse | undefined
  const settle = (world: World): void => {
    const both = { ...options.window, probes: 2 * options.window.probes, maxSpend: options.maxSpend }
    purse = purseFor(workload, world, both, io)
  }
  const first = await checkedWorld(workload, { ...options, settle }, io, signal)
  try {
    const { start: _, reference: __, ...others } = options
    const provider = first.providerUrl ?? 'none'
    const second = await checkedWorld(workload, { ...others, provider, target: options.against }, io, signal)
    const runnerOf = (side: string, world: typeof first): Runner =>
      measuredRunner(workload, world, {
        ...options.measured,
        ...(purse ? { purse } : {}),
        runId: `${book.runId}-${side}`,
        speed: options.speed,
        marker: options.marker ?? 'suffix',
        onFault: (message, count) => io.note(`${side.toUpperCase()}, ${count} times: ${message}`),
        ...(book.folder
          ? { open: (probe: Probe) => book.folder!.records.beginProbe({ origin: 'measured', ...probe }) }
          : {}),
      })
    const close = async (): Promise<void> => {
      await second.close()
      await first.close()
    }
    return { a: runnerOf('a', first), b: runnerOf('b', second), close, ...(purse ? { purse } : {}) }
  } catch (error) {
    await first.close()
    throw error
  }
}

/** The file and its variant, simulated with the same seeds. */
function variants(workload: Workload, { against, file, set }: AgainstOptions, search: Search, io: Io): Sides {
  const variant = against.includes('=')
    ? readVariant(file, set, [against], io)
    : readWorkload(against, set, io)
  const { a, b } = bothWithoutRareFailures({ a: workload, b: variant }, search.measuredMs)
  return { a: simulateRunner(a), b: simulateRunner(b), variant, close: () => Promise.resolve() }
}
