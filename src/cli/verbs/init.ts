import { existsSync, writeFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { starterFile, starterNames } from '../../workload/starter-file.ts'
import { type DescribedTarget, describeTarget } from '../describe-target.ts'
import { UserError } from '../exit-codes.ts'
import { createIo } from '../io.ts'
import { readText } from '../read-workload.ts'
import { requestOfCurl, requestOfHar } from '../recorded-request.ts'

interface Flags {
  readonly like: string
  readonly fromCurl?: string
  readonly fromHar?: string
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
    .option('--from-curl <command>', 'describe the target by a message to it, as browsers copy it')
    .option('--from-har <file>', 'describe the target by a recording of a browser')
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
      const described = describedBy(flags)
      const starter = starterFile(flags.like)
      writeFileSync(file, described ? withTarget(starter, described) : starter)
      const io = createIo(flags)
      if (io.json) io.result(JSON.stringify({ file, like: flags.like }))
      for (const guess of described?.guesses ?? []) io.note(`please check ${guess}`)
      if (described && described.environment.length > 0)
        io.note(`secrets are read from the environment: ${described.environment.join(', ')}`)
      io.note(`wrote ${file}; next: plimsoll check ${file}, plimsoll plan ${file}`)
    })
}

function describedBy({ fromCurl, fromHar }: Flags): DescribedTarget | undefined {
  if (fromCurl !== undefined && fromHar !== undefined)
    throw new UserError('--from-curl or --from-har, not both')
  if (fromCurl !== undefined) return describeTarget(requestOfCurl(fromCurl))
  return fromHar === undefined ? undefined : describeTarget(requestOfHar(readText(fromHar, largestHarBytes)))
}

/** Recordings hold pictures and scripts too. */
const largestHarBytes = 200_000_000

/** The starter file with its target section replaced. */
function withTarget(starter: string, { target }: DescribedTarget): string {
  const section = stringify({ target }, { lineWidth: 110 })
  return starter.replace(/^target:.*\n(?:[ ].*\n)*/m, () => section)
}
