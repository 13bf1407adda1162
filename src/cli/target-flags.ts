import { type Command, Option } from 'commander'
import { httpUrl, positiveWhole, providerUrl } from './options.ts'
import { type ProviderFlags, withProviderFlags } from './provider-flags.ts'

/** The agent under test, and the model behind it. */
export interface TargetFlags extends ProviderFlags {
  readonly target?: string
  readonly start?: string
  readonly reference?: boolean
  readonly provider?: string
  readonly allowTarget: readonly string[]
}

/** What stands over flags in the help of the verbs that measure. */
export const flagGroups = {
  agent: 'The agent:',
  model: 'The model behind it:',
  level: 'How many users, and for how long:',
  users: 'What users do:',
  search: 'The search:',
  limits: 'When to stop:',
  report: 'Output:',
  common: 'Common:',
} as const

/** Adds the flags that say which agent is meant; `done` is what happens to it: loaded, tried. */
export function withTargetFlags(command: Command, done: string): Command {
  command
    .optionsGroup(flagGroups.agent)
    .option('--target <url>', `the agent to ${done}`, httpUrl)
    .option(
      '--start <command>',
      'start the agent with this command and end it afterwards; OPENAI_BASE_URL and its like are set for it',
    )
    .option('--reference', `${done} the reference agent`)
    .option(
      '--allow-target <host>',
      'allow a target that is not on this machine (repeatable)',
      (host, all: string[]) => [...all, host],
      [],
    )
    .optionsGroup(flagGroups.model)
    .option(
      '--provider <url>',
      'a simulated provider that already runs; none: the agent talks to something else (default: the one on port 4010, else one is started there)',
      providerUrl,
    )
  return withProviderFlags(command)
}

/** Adds `--scrape`, to the verbs that say what the agent uses. */
export function withScrapeFlag(command: Command): Command {
  return command
    .optionsGroup(flagGroups.agent)
    .option('--scrape <url>', "read the agent's CPU and memory from its own Prometheus endpoint", httpUrl)
}

/** Adds how users are played. */
export function withUserFlags(command: Command): Command {
  return command
    .optionsGroup(flagGroups.users)
    .addOption(
      new Option(
        '--marker <where>',
        'where to put the mark that matches model calls to turns: at the end of each message, or nowhere',
      )
        .choices(['suffix', 'none'])
        .default('suffix'),
    )
    .option('--workers <number>', 'threads that play the users, each on a core of its own', positiveWhole, 1)
}
