import { type Child, startChild } from '../host/child-server.ts'
import type { Io } from './io.ts'

const hints = {
  taken: 'stop what runs there; if it is the agent you mean, leave --start out',
  silent: 'does it listen on that port? --target says where it does',
}

interface Surroundings {
  readonly env: NodeJS.ProcessEnv
  /** Where the agent will answer. */
  readonly readyUrl: string
  readonly readyTimeoutMs: number
  readonly signal: AbortSignal
}

/** Starts the agent with the command of `--start`. */
export function startCommand(start: string, around: Surroundings, io: Pick<Io, 'note'>): Promise<Child> {
  io.note(`starting the agent: ${start}`)
  return startChild({ command: 'sh', args: ['-c', start], called: start, ...around, hints })
}
