import type { Command } from 'commander'
import { comparisonOf } from '../../report/compare-runs.ts'
import { createIo } from '../io.ts'
import { openRunOrExplain } from '../open-run.ts'
import { palette } from '../palette.ts'

interface Flags {
  readonly json?: boolean
  readonly color?: boolean
  readonly quiet?: boolean
}

/** `plimsoll compare RUN RUN`: two runs side by side. */
export function compare(program: Command): void {
  program
    .command('compare')
    .argument('<before>', 'folder of a run')
    .argument('<after>', 'folder of another run')
    .summary('two runs side by side')
    .description(
      'Puts two runs side by side, each engine with its own kind, with the change from the first to the second.',
    )
    .option('--json', 'print the comparison as JSON')
    .option('--no-color', 'no colours')
    .option('--quiet', 'no notes')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll compare runs/2026-11-20T10-00-00-support runs/2026-11-21T10-00-00-support',
    )
    .action((before: string, after: string, flags: Flags) => {
      const io = createIo(flags)
      const runs = [openRunOrExplain(before, io).run, openRunOrExplain(after, io).run] as const
      io.result(
        comparisonOf(runs[0], runs[1], { json: io.json, palette: palette(io.color), width: io.width }),
      )
    })
}
