import type { Command } from 'commander'
import { plan as solve, planCapacity } from '../../plan/plan.ts'
import { createIo } from '../io.ts'
import { type CommonFlags, arrivalRate, positiveWhole, share, withCommonFlags } from '../options.ts'
import { readWorkload } from '../read-workload.ts'
import { fleetVerdict } from '../fleet-verdict.ts'
import { exitCodeOf, openRunBook } from '../run-book.ts'
import { planNotes } from '../plan-notes.ts'
import { verdictOf } from '../verdict.ts'

interface Flags extends CommonFlags {
  readonly users?: number
  readonly arrivals?: number
  readonly headroom: number
  readonly out?: string
}

/** `plimsoll plan FILE`: the algebra. */
export function plan(program: Command): void {
  withCommonFlags(program.command('plan').argument('<file>', 'workload file'))
    .summary('answer by queueing algebra, in milliseconds')
    .description(
      'Solves the workload: at a number of users, or for the most users at which every objective holds.',
    )
    .option('--users <number>', 'concurrent users; without it, the capacity', positiveWhole)
    .option('--arrivals <rate>', 'sessions over time instead of users, such as 3/s', arrivalRate)
    .option('--headroom <share>', 'share of the capacity to run at', share, 0.75)
    .option('--out <folder>', 'leave a run folder there')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll plan examples/customer-support.yaml\n  plimsoll plan examples/analyst-loop.yaml --arrivals 10/s',
    )
    .action((file: string, flags: Flags) => {
      const io = createIo(flags)
      const startedAt = new Date()
      const workload = readWorkload(file, flags.set, io)
      const book = openRunBook(
        { verb: 'plan', file, workload, speed: 1, startedAt, out: flags.out, sharedWith: [] },
        io,
      )
      const level = levelOf(flags)
      const capacities = level ? [] : [planCapacity(workload, { headroom: flags.headroom })]
      const main = capacities[0]
      const run = book.finish({
        capacities,
        summaries: [solve(workload, level ?? main!.level)],
        verdict: main
          ? verdictOf(workload, main, capacities)
          : fleetVerdict(workload, level!, flags.headroom),
        notes: main ? planNotes(workload, main) : [],
      })
      process.exitCode = exitCodeOf(run)
    })
}

function levelOf(flags: Flags): { users: number } | { sessionsPerSecond: number } | undefined {
  if (flags.users !== undefined) return { users: flags.users }
  if (flags.arrivals !== undefined) return { sessionsPerSecond: flags.arrivals }
  return undefined
}
