import type { Command } from 'commander'
import { planCapacity } from '../../plan/plan.ts'
import type { Level } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'
import { type CommonFlags, arrivals, positiveWhole, share, withCommonFlags } from '../options.ts'
import { noteFaults } from '../note-faults.ts'
import { readWorkload } from '../read-workload.ts'
import { openLevel } from '../open-level.ts'
import { exitCodeOf, type Findings, openRunBook } from '../run-book.ts'
import { palette } from '../palette.ts'
import {
  explained,
  type PlanParts,
  planPartsJson,
  planPartsOf,
  planPartsText,
  type PlanRequest,
} from '../plan-parts.ts'
import { refusePhoneOnly } from '../phone-only.ts'
import { planFindings } from '../plan-findings.ts'
import { parseSweep } from '../sweep.ts'

interface Flags extends CommonFlags {
  readonly users?: number
  readonly arrivals?: number | 'trace'
  readonly headroom: number
  readonly whatIf: readonly string[]
  readonly out?: string
  readonly brief?: boolean
  readonly levers?: boolean
  /** `true` asks for every figure. */
  readonly explain?: string | true
}

/** `plimsoll plan FILE`: the algebra. */
export function plan(program: Command): void {
  withCommonFlags(program.command('plan').argument('<file>', 'workload file'))
    .summary('answer by queueing algebra, in milliseconds')
    .description(
      'Solves the workload: at a number of users, or for the most users at which every objective holds.',
    )
    .option(
      '--users <number>',
      'answer at this many concurrent users (default: at the capacity)',
      positiveWhole,
    )
    .option(
      '--arrivals <rate>',
      'instead of users: sessions that start per time, such as 3/s; or trace, the starts in users.arrivals.trace',
      arrivals,
    )
    .option('--headroom <share>', 'recommended load, as a share of the capacity', share, 0.75)
    .option(
      '--what-if <path=values>',
      'the answer for each of these values of a field, such as agent.concurrency=1,10,50 (repeatable)',
      (text: string, all: string[]) => [...all, text],
      [],
    )
    .option('--out <folder>', 'save the run in a folder there')
    .option('--brief', 'one page in plain words for the person who pays')
    .option(
      '--levers',
      'every change that would help: users gained, dollars a month, dollars for each user gained',
    )
    .option(
      '--explain [figure]',
      'how a figure, such as "turn p95", was computed: formula, inputs, source (default: all of them)',
    )
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll plan examples/customer-support.yaml\n  plimsoll plan examples/analyst-loop.yaml --arrivals 10/s\n  plimsoll plan my.yaml --what-if agent.concurrency=1,10,50',
    )
    .action((file: string, flags: Flags) => {
      const io = createIo(flags)
      const startedAt = new Date()
      const read = (overrides: readonly string[]) => readWorkload(file, [...flags.set, ...overrides], io)
      const workload = read([])
      noteFaults(workload, io)
      for (const flag of ['users', 'arrivals', 'brief'] as const)
        if (flags[flag] !== undefined) refusePhoneOnly(workload, `--${flag}`)
      if (flags.users !== undefined)
        refuse(
          flags,
          '--users',
          ['arrivals'],
          'a number of users is closed load, arrivals are open: one of them',
        )
      if (flags.brief) refuse(flags, '--brief', ['arrivals'], 'it tells of people at once: --users 300')
      if (flags.levers) refuse(flags, '--levers', ['users', 'arrivals'], 'it tells what would carry more')
      const request = requestOf(workload, flags)
      const parts = planPartsOf(request, workload, read)
      const told = Object.keys(parts).length > 0
      if (told)
        io.result(
          io.json ? JSON.stringify(planPartsJson(parts)) : planPartsText(parts, io.width, palette(io.color)),
        )
      if (told && flags.out === undefined) {
        process.exitCode = parts.brief?.users === 0 ? exitCodes.objectiveMissed : exitCodes.ok
        return
      }
      const book = openRunBook(
        { verb: 'plan', file, workload, speed: 1, startedAt, out: flags.out, sharedWith: [] },
        io,
      )
      const findings = {
        ...planFindings(workload, request.level, flags.headroom),
        ...kept(parts, request, workload, flags),
      }
      const run = told ? book.keep(findings) : book.finish(findings)
      if (told) io.note(`report  ${book.folder!.reportPath}`)
      process.exitCode = exitCodeOf(run)
    })
}

function requestOf(workload: Workload, flags: Flags): PlanRequest {
  return {
    level: levelOf(workload, flags),
    headroom: flags.headroom,
    brief: flags.brief ?? false,
    levers: flags.levers ?? false,
    sweeps: flags.whatIf.map(parseSweep),
    explain: flags.explain,
  }
}

/** What a run folder keeps of the parts, and how each of its figures came about. */
function kept(
  { brief, sweeps }: PlanParts,
  { level, headroom }: PlanRequest,
  workload: Workload,
  { out }: Flags,
): Partial<Findings> {
  if (out === undefined) return {}
  const capacityOf = () => planCapacity(workload, { headroom })
  return {
    ...(brief ? { brief } : {}),
    ...(sweeps ? { sweeps } : {}),
    derivations: explained(workload, level, true, headroom, capacityOf).derivations,
  }
}

function refuse(flags: Flags, flag: string, without: readonly (keyof Flags)[], hint: string): void {
  const both = without.filter((name) => flags[name] !== undefined).map((name) => `--${name}`)
  if (both.length > 0) throw new UserError(`${flag} goes without ${both.join(', ')}`, { hint })
}

function levelOf(workload: Workload, flags: Flags): Level | undefined {
  if (flags.users !== undefined) return { users: flags.users }
  if (flags.arrivals !== undefined) return openLevel(workload, flags.arrivals)
  return undefined
}
