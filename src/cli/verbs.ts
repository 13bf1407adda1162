import type { Command } from 'commander'
import { agent } from './verbs/agent.ts'
import { provider } from './verbs/provider.ts'

/** Every verb of the command line: each adds itself to the program. */
export const verbs = { provider, agent } satisfies Record<string, (program: Command) => void>
