import type { Command } from 'commander'
import { planCapacity } from '../../plan/plan.ts'
import { type Level, levelValue } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { createIo, type Io } from '../io.ts'
import { type CommonFlags, arrivals, positiveWhole, share, withCommonFlags } from '../options.ts'
import { readWorkload } from '../read-workload.ts'
import { openLevel } from '../open-level.ts'
import { exitCodeOf, openRunBook } from '../run-book.ts'
import { briefOf, briefText } from '../plan-brief.ts'
import { leversOf, leversText } from '../plan-levers.ts'
import { palette } from '../palette.ts'
import { explanationOf, explanationText } from '../plan-explain.ts'
import { refusePhoneOnly } from '../phone-only.ts'
import { planFindings } from '../plan-findings.ts'
import { parseSweep, sweepRows, sweepText } from '../sweep.ts'

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
    .option('--users <number>', 'concurrent users; without it, the capacity', positiveWhole)
    .option('--arrivals <rate>', 'sessions over time instead of users, such as 3/s, or trace', arrivals)
    .option('--headroom <share>', 'share of the capacity to run at', share, 0.75)
    .option(
      '--what-if <path=values>',
      'the capacity for each value of a field: agent.concurrency=1,10,50 (repeatable)',
      (text: string, all: string[]) => [...all, text],
      [],
    )
    .option('--out <folder>', 'leave a run folder there')
    .option('--brief', 'one page in plain words for the person who pays')
    .option(
      '--levers',
      'every change that the plan tries: users gained, dollars a month, dollars for a user more',
    )
    .option(
      '--explain [figure]',
      'how a figure (such as "turn p95"; all without one) came about: formula, inputs, source',
    )
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll plan examples/customer-support.yaml\n  plimsoll plan examples/analyst-loop.yaml --arrivals 10/s\n  plimsoll plan my.yaml --what-if agent.concurrency=1,10,50',
    )
    .action((file: string, flags: Flags) => {
      const io = createIo(flags)
      const startedAt = new Date()
      const workload = readWorkload(file, flags.set, io)
      for (const flag of ['users', 'arrivals', 'brief', 'levers', 'explain'] as const)
        if (flags[flag] !== undefined) refusePhoneOnly(workload, `--${flag}`)
      if (flags.whatIf.length > 0) {
        refusePhoneOnly(workload, '--what-if')
        refuse(
          flags,
          '--what-if',
          ['users', 'arrivals', 'brief', 'levers', 'explain', 'out'],
          'it tells capacities only',
        )
        tellSweeps(file, flags, io)
        return
      }
      if (flags.levers) {
        tellLevers(workload, flags, io)
        return
      }
      if (flags.brief) {
        tellBrief(workload, flags, io)
        return
      }
      if (flags.explain !== undefined) {
        tellDerivations(workload, flags, io)
        return
      }
      const book = openRunBook(
        { verb: 'plan', file, workload, speed: 1, startedAt, out: flags.out, sharedWith: [] },
        io,
      )
      const level = levelOf(workload, flags)
      const run = book.finish(planFindings(workload, level, flags.headroom))
      process.exitCode = exitCodeOf(run)
    })
}

function tellSweeps(file: string, flags: Flags, io: Io): void {
  const read = (overrides: readonly string[]) => readWorkload(file, [...flags.set, ...overrides], io)
  const sweeps = flags.whatIf.map(parseSweep).map((sweep) => ({
    sweep,
    rows: sweepRows(sweep, read, flags.headroom),
  }))
  io.result(
    io.json
      ? JSON.stringify(sweeps.map(({ sweep, rows }) => ({ field: sweep.field, rows })))
      : sweeps.map(({ sweep, rows }) => `\n${sweepText(sweep, rows)}\n`).join(''),
  )
}

function tellLevers(workload: Workload, flags: Flags, io: Io): void {
  refuse(
    flags,
    '--levers',
    ['users', 'arrivals', 'brief', 'explain', 'out'],
    'it tells what would carry more',
  )
  const answer = leversOf(workload, flags.headroom)
  io.result(io.json ? JSON.stringify(answer) : leversText(answer, io.width, palette(io.color)))
}

/** The capacity in plain words; `--users` says how many people to reckon a fleet for. */
function tellBrief(workload: Workload, flags: Flags, io: Io): void {
  refuse(flags, '--brief', ['arrivals', 'out', 'explain'], 'it tells of people at once, and leaves no run')
  const brief = briefOf(workload, planCapacity(workload, { headroom: flags.headroom }), flags.users)
  io.result(io.json ? JSON.stringify(brief) : briefText(brief, io.width))
  process.exitCode = brief.users > 0 ? exitCodes.ok : exitCodes.objectiveMissed
}

/** The figures at the level that is asked for, else at the capacity; one user where not even one is carried. */
function tellDerivations(workload: Workload, flags: Flags, io: Io): void {
  refuse(flags, '--explain', ['out'], 'it explains the figures that plan prints, and leaves no run')
  const { headroom } = flags
  const asked = levelOf(workload, flags)
  const capacity = asked ? undefined : planCapacity(workload, { headroom })
  const found = capacity && levelValue(capacity.level) > 0 ? capacity.level : { users: 1 }
  const explanation = explanationOf(
    workload,
    asked ?? found,
    flags.explain === true ? undefined : flags.explain,
    capacity && { capacity, headroom },
  )
  io.result(io.json ? JSON.stringify(explanation) : explanationText(explanation, io.width))
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
