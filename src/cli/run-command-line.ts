import { Command, CommanderError } from 'commander'
import { ChildError } from '../host/child-server.ts'
import { version } from '../result/version.ts'
import { exitCodes, UserError } from './exit-codes.ts'
import { optionDescription } from './options.ts'
import { verbsFor } from './verbs.ts'

/** Runs one command line: `undefined` where its verb came to its end, else the exit code of what was told instead. */
export async function runCommandLine(args: readonly string[]): Promise<number | undefined> {
  try {
    await (await programFor(args)).parseAsync(args, { from: 'user' })
    return undefined
  } catch (error) {
    return report(error)
  }
}

async function programFor(args: readonly string[]): Promise<Command> {
  const program = new Command('plimsoll')
    .description('How many users one AI agent server carries, what breaks first, and what to provision.')
    .version(version)
    .showSuggestionAfterError()
    .showHelpAfterError('(plimsoll <verb> --help shows an example)')
    .configureHelp({ sortSubcommands: false, optionDescription })
    .exitOverride()
  for (const verb of await verbsFor(args)) verb(program)
  for (const command of program.commands) command.exitOverride()
  return program
}

/** Users' mistakes get a sentence and a hint; only bugs get a stack. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.badInput
  if (error instanceof UserError) {
    process.stderr.write(`${error.message}\n${error.hint ? `hint: ${error.hint}\n` : ''}`)
    return error.exitCode
  }
  const mistake = mistakeIn(error)
  if (mistake !== undefined) {
    process.stderr.write(`${mistake}\n`)
    return exitCodes.badInput
  }
  process.stderr.write(
    `This is a bug in plimsoll ${version}:\n${error instanceof Error ? error.stack : String(error)}\n`,
  )
  return exitCodes.bug
}

/** What the surroundings refused: a child that did not come up, a port that is taken, a damaged file. */
function mistakeIn(error: unknown): string | undefined {
  if (error instanceof ChildError) return error.message
  if (error instanceof RangeError && /array.*(?:allocation|length)/i.test(error.message))
    return 'this machine has too little memory for a run of this size\nhint: fewer users, or a shorter run'
  const { code, message, port, address, hostname } = error as {
    code?: string
    message?: string
    port?: number
    address?: string
    hostname?: string
  }
  if (code === 'records_broken') return message
  if (code === 'standing_still')
    return `${message}\nhint: say how long something takes: users.think, model.ttft, model.perToken`
  if (code === 'EADDRINUSE')
    return `something already listens on ${address}:${port}\nhint: choose another with --port`
  if ((code === 'ENOTFOUND' || code === 'EAI_AGAIN') && hostname !== undefined)
    return `no address is known for ${hostname}`
  if (code === 'EADDRNOTAVAIL' && address !== undefined)
    return `this machine has no address ${address}\nhint: --host 127.0.0.1 is itself alone, 0.0.0.0 all that it has`
  if (code === 'EACCES' && port !== undefined) return `port ${port} may not be opened by this user`
  return undefined
}
