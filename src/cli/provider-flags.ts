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
  return command
    .option('--provider-workers <number>', 'threads of the provider that is started', positiveWhole)
    .option(
      '--intercept',
      'with --start, for an agent whose model address is fixed: what it says to api.openai.com and its kin is answered by the provider, through HTTPS_PROXY and a certificate that it alone trusts',
    )
}
