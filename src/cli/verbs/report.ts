import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { reporters } from '../../report/reporters.ts'
import { runFiles } from '../../store/run-folder.ts'
import { createIo } from '../io.ts'
import { palette } from '../palette.ts'
import type { KilledRunFlags } from '../partial-run.ts'
import { readRun, withKilledRunFlags } from '../read-run.ts'
import { writeFile } from '../write-file.ts'

interface Flags extends KilledRunFlags {
  readonly as: keyof typeof reporters
  readonly out?: string
  readonly json?: boolean
  readonly color?: boolean
  readonly quiet?: boolean
}

/** `plimsoll report RUN`: any run again. */
export function report(program: Command): void {
  const command = program
    .command('report')
    .argument('<run>', 'folder of a run')
    .summary('print the report of any run again, or in another form')
    .description('Prints a run again, or writes it in another form. Nothing is rerun.')
    .addOption(
      new Option('--as <form>', 'form of the report').choices(Object.keys(reporters)).default('terminal'),
    )
    .option('--out <file>', 'write to a file instead of the terminal')
  withKilledRunFlags(command)
    .option('--details', 'in the terminal: show turns by scenario and by their place in the session')
    .option('--json', 'the same as --as json')
    .option('--no-color', 'no colours')
    .option('--quiet', 'no notes')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll report runs/2026-11-21T10-12-33-customer-support --as markdown',
    )
    .action((folder: string, flags: Flags) => {
      const io = createIo(flags)
      const { run, path } = readRun(folder, flags, io)
      const form = flags.json ? 'json' : flags.as
      const reportPath = join(path, runFiles.report)
      const options = {
        palette: palette(io.color && !flags.out),
        width: io.width,
        details: io.details,
        ...(existsSync(reportPath) && { reportPath }),
      }
      const text = reporters[form](run, options)
      if (flags.out) writeFile(flags.out, text)
      else io.result(text)
    })
}
