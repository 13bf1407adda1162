import type { Command } from 'commander'
import { simulateRunner } from '../../simulate/simulate.ts'
import { createIo } from '../io.ts'
import { type CommonFlags, arrivals, duration, positiveWhole, withCommonFlags } from '../options.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { interruptSignal } from '../interrupt.ts'
import { arrivalNotes, openLevel } from '../open-level.ts'
import type { Level } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import { refusePhoneOnly } from '../phone-only.ts'
import { readWorkload } from '../read-workload.ts'
import { exitCodeOf, openRunBook, type RunBook } from '../run-book.ts'

interface Flags extends CommonFlags {
  readonly users?: number
  readonly arrivals?: number | 'trace'
  readonly duration: number
  readonly warmUp: number
  readonly out?: string
}

/** `plimsoll simulate FILE --users N`: discrete events on a virtual clock. */
export function simulate(program: Command): void {
  withCommonFlags(program.command('simulate').argument('<file>', 'workload file'))
    .summary('answer by simulation, in seconds')
    .description(
      'Plays users, agent, model and tools on a virtual clock. The same seed gives the same bytes.',
    )
    .option('--users <number>', 'concurrent users', positiveWhole)
    .option('--arrivals <rate>', 'sessions over time instead of users, such as 3/s, or trace', arrivals)
    .option('--duration <time>', 'measured, after the warm-up', duration, 3_600_000)
    .option('--warm-up <time>', 'left out before', duration, 600_000)
    .option('--out <folder>', 'leave a run folder there')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll simulate examples/customer-support.yaml --users 100 --duration 1h',
    )
    .action(async (file: string, flags: Flags) => {
      const io = createIo(flags)
      const startedAt = new Date()
      const workload = readWorkload(file, flags.set, io)
      refusePhoneOnly(workload, 'simulate')
      const level = levelOf(workload, flags)
      const book = openRunBook(
        { verb: 'simulate', file, workload, speed: 1, startedAt, out: flags.out, sharedWith: [] },
        io,
      )
      const window = { warmupMs: flags.warmUp, measuredMs: flags.duration }
      const probe = book.folder?.records.beginProbe({
        origin: 'simulated',
        level,
        seed: flags.seed,
        ...window,
      })
      const sink = probe ? { sink: probe.sink } : {}
      const signal = interruptSignal(io)
      const answer = simulateRunner(workload, { runId: book.runId, ...sink })
      const summary = await answer({ level, seed: flags.seed, ...window }, signal).catch((error: unknown) => {
        throw signal.aborted ? stopped(book) : error
      })
      probe?.end()
      const done = book.finish({
        summaries: [summary],
        capacities: [],
        verdict: [],
        notes: arrivalNotes(workload, level, flags.warmUp + flags.duration),
      })
      process.exitCode = exitCodeOf(done)
    })
}

function stopped({ folder }: RunBook): UserError {
  folder?.close()
  const hint = folder ? { hint: `what there is: plimsoll report ${folder.path}` } : {}
  return new UserError('Stopped before the simulation ended.', { exitCode: exitCodes.interrupted, ...hint })
}

function levelOf(workload: Workload, flags: Flags): Level {
  if (flags.users !== undefined) return { users: flags.users }
  if (flags.arrivals !== undefined) return openLevel(workload, flags.arrivals)
  throw new UserError('how much load?', {
    hint: '--users 100, or --arrivals 3/s; plimsoll find looks for the most',
  })
}
