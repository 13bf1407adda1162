import { existsSync, writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { starterFile, starterNames } from '../../workload/starter-file.ts'
import { UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'

interface Flags {
  readonly like: string
  readonly force?: boolean
  readonly json?: boolean
  readonly quiet?: boolean
}

/** `plimsoll init [FILE]`: a commented starter file. */
export function init(program: Command): void {
  program
    .command('init')
    .argument('[file]', 'where to write', 'workload.yaml')
    .summary('write a commented starter file')
    .description('Writes a workload file to start from, with a comment on every field.')
    .addOption(
      new Option('--like <preset>', 'which kind of agent').choices(starterNames).default('customer-support'),
    )
    .option('--force', 'overwrite a file that is there')
    .option('--json', 'print where it is as JSON on stdout')
    .option('--quiet', 'no notes')
    .addHelpText(
      'after',
      '\nExample:\n  plimsoll init my.yaml --like coding-assistant\n  plimsoll plan my.yaml',
    )
    .action((file: string, flags: Flags) => {
      if (existsSync(file) && !flags.force)
        throw new UserError(`${file} is already there`, {
          hint: 'name another file, or --force to overwrite it',
        })
      writeFileSync(file, starterFile(flags.like))
      const io = createIo(flags)
      if (io.json) io.result(JSON.stringify({ file, like: flags.like }))
      io.note(`wrote ${file}; next: plimsoll check ${file}, plimsoll plan ${file}`)
    })
}
