import { Argument, type Command } from 'commander'
import { type ExportedWork, NotExportable, exportedWork } from '../../export/exported-work.ts'
import { k6Script } from '../../export/k6-script.ts'
import { locustScript } from '../../export/locust-script.ts'
import { UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'
import { type CommonFlags, duration, positiveWhole, withCommonFlags } from '../options.ts'
import { readWorkload } from '../read-workload.ts'
import { writeFile } from '../write-file.ts'

interface Flags extends CommonFlags {
  readonly users: number
  readonly duration: number
  readonly out?: string
}

const writers = { k6: k6Script, locust: locustScript } satisfies Record<
  string,
  (work: ExportedWork, users: number, seconds: number) => string
>
type Tester = keyof typeof writers

/** `plimsoll export k6 FILE`: the users of a file as a script of another load tester. */
export function exportScript(program: Command): void {
  withCommonFlags(
    program
      .command('export')
      .addArgument(new Argument('<tester>', 'whose script it is').choices(Object.keys(writers)))
      .argument('<file>', 'workload file'),
  )
    .summary('write the users of a file as a script for k6 or Locust')
    .description('Writes a script of the same users that runs unchanged in k6 or Locust.')
    .option('--users <number>', 'concurrent users', positiveWhole, 10)
    .option('--duration <time>', 'how long the whole run takes', duration, 300_000)
    .option('--out <file>', 'where to write it (default: stdout)')
    .addHelpText('after', '\nExample:\n  plimsoll export k6 my.yaml --out users.js && k6 run users.js')
    .action((tester: Tester, file: string, flags: Flags) => {
      const io = createIo(flags)
      const workload = readWorkload(file, flags.set, io)
      const { work, notes } = exportedOrTold(() => exportedWork(workload))
      for (const note of notes) io.note(note)
      const seconds = Math.max(1, Math.round(flags.duration / 1000))
      const text = writers[tester](work, flags.users, seconds)
      if (flags.out !== undefined) writeFile(flags.out, text)
      if (io.json) io.result(JSON.stringify({ tester, file: flags.out, script: text, notes }))
      else io.result(flags.out === undefined ? text.trimEnd() : `${flags.out} is written`)
    })
}

function exportedOrTold<T>(make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof NotExportable) throw new UserError(error.message)
    throw error
  }
}
