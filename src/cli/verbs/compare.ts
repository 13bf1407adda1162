import type { Command } from 'commander'
import { compareRuns, comparisonOf, regressionsOf } from '../../report/compare-runs.ts'
import type { Run } from '../../result/run.ts'
import { exitCodes } from '../exit-codes.ts'
import { createIo, type Io } from '../io.ts'
import { openRunOrExplain } from '../open-run.ts'
import { collectOverride, share } from '../options.ts'
import { palette } from '../palette.ts'
import { partialRun } from '../partial-run.ts'

interface Flags {
  readonly failOnRegression?: number
  readonly workload?: string
  readonly set: readonly string[]
  readonly json?: boolean
  readonly color?: boolean
  readonly quiet?: boolean
}

/** `plimsoll compare RUN RUN`: two runs side by side, and a gate on what got worse. */
export function compare(program: Command): void {
  program
    .command('compare')
    .argument('<before>', 'folder of a run')
    .argument('<after>', 'folder of another run')
    .summary('two runs side by side')
    .description(
      'Puts two runs side by side, each engine with its own kind, with the change from the first to the second ' +
        'and whether it may be chance.',
    )
    .option(
      '--fail-on-regression <share>',
      'exit with 99 where something is worse by more than this, and not by chance',
      share,
    )
    .option('--workload <file>', 'of a run that was killed: the file that it ran')
    .option(
      '--set <path=value>',
      'of a run that was killed: as it was started (repeatable)',
      collectOverride,
      [],
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
      const [first, second] = [readRun(before, flags, io), readRun(after, flags, io)]
      const gate = flags.failOnRegression
      const look = { json: io.json, palette: palette(io.color), width: io.width }
      io.result(comparisonOf(first, second, { ...look, ...(gate === undefined ? {} : { gate }) }))
      if (gate !== undefined && regressionsOf(compareRuns(first, second), gate).length > 0)
        process.exitCode = exitCodes.objectiveMissed
    })
}

/** A run from its folder; one that was killed is told from its records. */
function readRun(folder: string, flags: Flags, io: Io): Run {
  const { run, opened } = openRunOrExplain(folder, io)
  try {
    return run.endedAt === undefined ? partialRun(run, opened, flags, io) : run
  } finally {
    opened.close()
  }
}
