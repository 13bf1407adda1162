import type { Command } from 'commander'
import { positiveWhole } from './options.ts'

/** How the provider that a verb starts behind the agent is to play. */
export interface ProviderFlags {
  /** Its threads. */
  readonly providerWorkers?: number
  /** Calls of the agent that is started to the hosts of models are answered too. */
  readonly intercept?: boolean
}

export function withProviderFlags(command: Command): Command {
  return withProviderWorkersFlag(command).option(
    '--intercept',
    'with --start, for an agent with the address of its model built in: what it sends to api.openai.com and other model hosts is answered by the provider, through HTTPS_PROXY and a certificate that only this agent trusts',
  )
}

/** Alone in verbs that start no agent of somebody else. */
export function withProviderWorkersFlag(command: Command): Command {
  return command.option(
    '--provider-workers <number>',
    'threads of the provider that is started (default: 1)',
    positiveWhole,
  )
}
