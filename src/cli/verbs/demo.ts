import type { Command } from 'commander'
import { fileURLToPath } from 'node:url'
import { withProviderFlags } from '../provider-flags.ts'
import { flagGroups } from '../target-flags.ts'
import { type FindFlags, runFind, withFindFlags } from './find.ts'

const example = fileURLToPath(new URL('../../../examples/customer-support.yaml', import.meta.url))

/** Ten seconds a trial: the whole of it in less than two minutes. */
const defaults = { speed: 20, probes: 7, warmUp: 60_000, measured: 140_000 }

/** `plimsoll demo`: what `npm start` runs, the reference agent and the simulated provider carried to their limit. */
export function demo(program: Command): void {
  const command = program.command('demo').argument('[file]', 'workload file', example)
  withFindFlags(withProviderFlags(command.optionsGroup(flagGroups.model)), defaults)
    .summary('the whole of it in two minutes: the reference agent carried to its limit')
    .description(
      'Answers a workload by algebra, by simulation, and by real users on the reference agent, with time compressed.',
    )
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll demo\n  plimsoll demo examples/coding-assistant.yaml --speed 30',
    )
    .action((file: string, flags: FindFlags) =>
      runFind('demo', file, { ...flags, reference: true, engine: 'all', allowTarget: [] }),
    )
}
