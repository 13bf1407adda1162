import type { Command } from 'commander'
import { comparisonOf, nothingInCommon } from '../../report/compare-runs.ts'
import { exitCodes, UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'
import { share } from '../options.ts'
import { palette } from '../palette.ts'
import type { KilledRunFlags } from '../partial-run.ts'
import { readRun, withKilledRunFlags } from '../read-run.ts'

interface Flags extends KilledRunFlags {
  readonly failOnRegression?: number
  readonly json?: boolean
  readonly color?: boolean
  readonly quiet?: boolean
}

/** `plimsoll compare RUN RUN`: two runs side by side, and a gate on what got worse. */
export function compare(program: Command): void {
  const command = program
    .command('compare')
    .argument('<before>', 'folder of a run')
    .argument('<after>', 'folder of another run')
    .summary('two runs side by side')
    .description(
      'Puts two runs side by side, measured beside measured and so on, with each change and whether it may be chance.',
    )
    .option(
      '--fail-on-regression <share>',
      'exit code 99 if something is worse by more than this share, beyond chance',
      share,
    )
  withKilledRunFlags(command)
    .option('--json', 'print the comparison as JSON')
    .option('--no-color', 'no colours')
    .option('--quiet', 'no notes')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll compare runs/2026-11-20T10-00-00-support runs/2026-11-21T10-00-00-support',
    )
    .action((before: string, after: string, flags: Flags) => {
      const io = createIo(flags)
      const [first, second] = [readRun(before, flags, io).run, readRun(after, flags, io).run]
      const gate = flags.failOnRegression
      const look = { json: io.json, palette: palette(io.color), width: io.width }
      const compared = comparisonOf(first, second, { ...look, ...(gate === undefined ? {} : { gate }) })
      const { rows, regressions = [], text } = compared
      if (io.json || rows.length > 0) io.result(text)
      // A gate that has nothing to look at must not stand open.
      if (rows.length === 0)
        throw new UserError(nothingInCommon(first, second), {
          hint: 'compare two runs of the same verb; a find that ended before its trials has no measured answer',
        })
      if (regressions.length > 0) process.exitCode = exitCodes.objectiveMissed
    })
}
