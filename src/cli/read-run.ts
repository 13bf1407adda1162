import type { Command } from 'commander'
import type { Run } from '../result/run.ts'
import type { Io } from './io.ts'
import { openRunOrExplain } from './open-run.ts'
import { collectOverride } from './options.ts'
import { type KilledRunFlags, partialRun } from './partial-run.ts'

/** Adds what a run that was killed may need to be told from its records. */
export function withKilledRunFlags(command: Command): Command {
  return command
    .option('--workload <file>', 'for a run that was killed: its workload file')
    .option(
      '--set <path=value>',
      'for a run that was killed: the --set it was started with (repeatable)',
      collectOverride,
      [],
    )
}

/** A run and its folder; one that was killed is told from its records. What cannot be read is a UserError. */
export function readRun(
  folder: string,
  flags: KilledRunFlags,
  io: Io,
): { readonly run: Run; readonly path: string } {
  const { run, opened } = openRunOrExplain(folder, io)
  try {
    const whole = run.endedAt === undefined ? partialRun(run, opened, flags, io) : run
    return { run: whole, path: opened.path }
  } finally {
    opened.close()
  }
}
