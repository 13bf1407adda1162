import type { Command } from 'commander'
import type { Runner } from '../../find/runner.ts'
import { type OnSlice, simulateRunner } from '../../simulate/simulate.ts'
import { createIo } from '../io.ts'
import {
  type CommonFlags,
  arrivals,
  collectChange,
  duration,
  positiveWhole,
  share,
  warmUpTime,
  withCommonFlags,
  withDetailsFlag,
} from '../options.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { interruptSignal } from '../interrupt.ts'
import { arrivalNotes, openLevel } from '../open-level.ts'
import { followsDay, type Level } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import { offeredCalls } from '../offered-calls.ts'
import { noteFaults } from '../note-faults.ts'
import { readVariant, readWorkload } from '../read-workload.ts'
import { exitCodeOf, openRunBook, type RunBook } from '../run-book.ts'
import { simulated, type SimulatedOptions } from '../simulated.ts'
import { SimulationThreads } from '../simulation-threads.ts'
import { watch } from '../watch.ts'
import { hourMs } from '../../workload/units.ts'

interface Flags extends CommonFlags {
  readonly users?: number
  readonly arrivals?: number | 'trace'
  readonly duration?: number
  readonly warmUp?: number
  readonly replications?: number
  readonly precision?: number
  readonly maxDuration?: number
  readonly against: readonly string[]
  readonly watch?: boolean
  readonly out?: string
}

const mostUsers = 10_000_000
const usualMaxDurationMs = 48 * hourMs
const pairsOfVariants = 10

/** `plimsoll simulate FILE --users N`: discrete events on a virtual clock. */
export function simulate(program: Command): void {
  withDetailsFlag(withCommonFlags(program.command('simulate').argument('<file>', 'workload file')))
    .summary('answer by simulation, in seconds')
    .description(
      'Plays users, agent, model and tools on a virtual clock. The same seed gives the same bytes.',
    )
    .option('--users <number>', 'concurrent users', positiveWhole)
    .option(
      '--arrivals <rate>',
      'instead of users: sessions that start per time, such as 3/s; or trace, the starts in users.arrivals.trace',
      arrivals,
    )
    .option(
      '--duration <time>',
      'how long is counted, after the warm-up (default: 1h; 24h where the load varies over the day)',
      duration,
    )
    .option(
      '--warm-up <time>',
      'time at the start that is not counted (default: found by a rule, MSER-5)',
      warmUpTime,
    )
    .option(
      '--precision <share>',
      'run until the 95 % intervals are within this share of their values, such as 2%',
      share,
    )
    .option('--max-duration <time>', 'how long --precision may run (default: 48h)', duration)
    .option(
      '--replications <number>',
      'this many independent runs, with intervals across them',
      positiveWhole,
    )
    .option(
      '--against <path=value>',
      'also simulate this variant with the same seeds, and tell the difference with its interval (repeatable)',
      collectChange,
      [],
    )
    .option('--watch', 'draw what happens while it runs')
    .option('--out <folder>', 'save the run in a folder there')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll simulate examples/customer-support.yaml --users 100 --duration 1h\n  plimsoll simulate examples/customer-support.yaml --users 140 --against agent.workers=10',
    )
    .action(runSimulation)
}

async function runSimulation(file: string, flags: Flags): Promise<void> {
  const io = createIo(flags)
  const startedAt = new Date()
  const workload = readWorkload(file, flags.set, io)
  noteFaults(workload, io)
  const level = levelOf(workload, flags)
  const options = optionsOf(workload, level, flags)
  const changed = flags.against.length > 0 ? readVariant(file, flags.set, flags.against, io) : undefined
  const book = openRunBook(
    { verb: 'simulate', file, workload, speed: 1, startedAt, out: flags.out, sharedWith: [] },
    io,
  )
  const signal = interruptSignal(io, 'stopping the simulation')
  const view = flags.watch ? watch(io, signal) : undefined
  const threads = new SimulationThreads()
  const against = changed && {
    workload: changed,
    run: simulateRunner(changed, view ? { onSlice: view.show } : {}),
    beside: threads.runner(file, [...flags.set, ...flags.against], { runId: book.runId }),
    change: flags.against.join(', '),
  }
  const base = {
    workload,
    run: recordedRunner(workload, book, view?.show),
    beside: threads.runner(file, flags.set, { runId: book.runId }),
  }
  const answer = await simulated(base, options, signal, against)
    .catch((error: unknown) => {
      throw signal.aborted ? stopped(book) : error
    })
    .finally(() => {
      view?.done()
      return threads.close()
    })
  const { summary, differences, notes } = answer
  const lastMs = (summary.window?.warmupMs ?? 0) + (summary.window?.measuredMs ?? 0)
  const done = book.finish({
    summaries: [summary],
    capacities: [],
    verdict: [],
    ...(differences ? { differences } : {}),
    notes: [...notes, ...arrivalNotes(workload, level, lastMs)],
  })
  process.exitCode = exitCodeOf(done)
}

function optionsOf(workload: Workload, level: Level, flags: Flags): SimulatedOptions {
  const isOfDay = followsDay(workload, level)
  if (flags.precision !== undefined && isOfDay)
    throw new UserError('--precision needs load that is steady, and this load follows the day', {
      hint: '--replications 10 gives intervals over ten such days',
    })
  if (flags.maxDuration !== undefined && flags.precision === undefined)
    throw new UserError('--max-duration bounds what --precision may run', {
      hint: '--duration says how long',
    })
  const mostMs = flags.maxDuration ?? usualMaxDurationMs
  if (flags.maxDuration !== undefined && mostMs < (flags.duration ?? 0))
    throw new UserError('--max-duration is shorter than --duration')
  const measuredMs = flags.duration ?? (isOfDay ? 24 * hourMs : Math.min(hourMs, mostMs))
  return {
    level,
    seed: flags.seed,
    measuredMs,
    replications: flags.replications ?? (flags.against.length > 0 ? pairsOfVariants : 1),
    mostMs,
    ...(flags.warmUp === undefined ? {} : { warmupMs: flags.warmUp }),
    ...(flags.precision === undefined ? {} : { precision: flags.precision }),
  }
}

/** The runs of the first seed leave their records, each as a probe of its own; further replications only their figures. */
function recordedRunner(workload: Workload, { runId, folder }: RunBook, onSlice?: OnSlice): Runner {
  return async (probe, signal) => {
    const records = folder?.records.beginProbe({ origin: 'simulated', ...probe })
    const run = simulateRunner(workload, {
      runId,
      ...(records ? { sink: records.sink, phoneSink: records.sink } : {}),
      ...(onSlice ? { onSlice } : {}),
    })
    const summary = await run(probe, signal)
    records?.end()
    return summary
  }
}

function stopped({ folder }: RunBook): UserError {
  folder?.close()
  const hint = folder ? { hint: `what there is: plimsoll report ${folder.path}` } : {}
  return new UserError('Stopped before the simulation ended.', { exitCode: exitCodes.interrupted, ...hint })
}

function levelOf(workload: Workload, flags: Flags): Level {
  if (workload.phone?.alone) return offeredCalls(workload, flags)
  if (flags.users !== undefined && flags.arrivals !== undefined)
    throw new UserError('one of --users and --arrivals, not both', {
      hint: '--users 100 are there all the time, --arrivals 3/s come and go',
    })
  if (flags.users !== undefined && flags.users > mostUsers)
    throw new UserError(`${flags.users} users are more than are simulated at once, ${mostUsers}`, {
      hint: 'a share of the users on a share of the servers says the same, as long as no quota is shared',
    })
  if (flags.users !== undefined) return { users: flags.users }
  if (flags.arrivals !== undefined) return openLevel(workload, flags.arrivals)
  throw new UserError('how much load?', {
    hint: '--users 100, or --arrivals 3/s; plimsoll find looks for the most',
  })
}
