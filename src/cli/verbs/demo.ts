import type { Command } from 'commander'
import { fileURLToPath } from 'node:url'
import { isPlayedAsCalls, requireRealTime } from '../calls.ts'
import { playRealCalls } from '../demo-calls.ts'
import { UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'
import { loadThreads } from '../load-threads.ts'
import { withProviderWorkersFlag } from '../provider-flags.ts'
import { readWorkload } from '../read-workload.ts'
import { flagGroups } from '../target-flags.ts'
import { type FindFlags, runFind, withFindFlags } from './find.ts'

const example = fileURLToPath(new URL('../../../examples/customer-support.yaml', import.meta.url))

/** Ten seconds a trial: the whole of it in less than two minutes. */
const defaults = { speed: 20, probes: 7, warmUp: 60_000, measured: 140_000 }

/** `plimsoll demo`: what `npm start` runs, the reference agent and the simulated provider carried to their limit. */
export function demo(program: Command): void {
  const command = program.command('demo').argument('[file]', 'workload file', example)
  withFindFlags(withProviderWorkersFlag(command.optionsGroup(flagGroups.model)), defaults)
    .summary('everything in two minutes: the reference agent loaded to its limit')
    .description(
      'Answers a workload by algebra, by simulation, and by users played against the reference agent, with time compressed. Telephone calls cannot be compressed: one minute of them is played.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll demo\n  plimsoll demo examples/coding-assistant.yaml --speed 30\n  plimsoll demo examples/voice-receptionist.yaml',
    )
    .action(async (file: string, flags: FindFlags, self: Command) => {
      const isAsked = self.getOptionValueSource('speed') === 'cli'
      if (await demoOfCalls(file, isAsked ? flags : { ...flags, speed: 1 })) return
      await runFind('demo', file, { ...flags, reference: true, engine: 'all', allowTarget: [] })
    })
}

/** Calls by telephone: the capacity by algebra and simulation, then a minute of real ones. */
async function demoOfCalls(file: string, flags: FindFlags): Promise<boolean> {
  const io = createIo(flags)
  const workload = readWorkload(file, flags.set, { note: () => {} })
  if (!isPlayedAsCalls(workload)) return false
  requireRealTime(workload, flags.speed)
  if (!workload.phone!.alone)
    throw new UserError('a demo of calls is of a file that has only calls, and this one has users as well', {
      hint: 'plimsoll load FILE --reference calls the reference agent; without users, the file has only calls',
    })
  const found = await runFind('demo', file, { ...flags, allowTarget: [] })
  if (found.interrupted) return true
  const muster = flags.workers > 1 ? { muster: loadThreads(flags.workers, { ...flags, file }) } : {}
  await playRealCalls(found, { ...flags, ...muster, file }, workload.phone!, io)
  return true
}
