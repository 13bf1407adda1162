import type { Crew } from '../crew.ts'
import type { Shape } from '../stages.ts'
import { type CallOptions, type CallPlayers, type CallWorld, startCallers } from './call-players.ts'

/** Callers as the crew of a run: stopped, cut and closed as users are. */
export function startCallCrew(
  world: Omit<CallWorld, 'cut'>,
  options: CallOptions,
  shape: Shape,
  events: Parameters<typeof startCallers>[3],
): { readonly crew: Crew; readonly callers: CallPlayers } {
  const cut = new AbortController()
  const callers = startCallers({ ...world, cut: cut.signal }, options, shape, events)
  const crew: Crew = {
    stop: () => callers.stop(),
    cut: () => cut.abort(),
    gone: callers.gone,
    async close() {
      callers.stop()
      cut.abort()
      await callers.close()
      return { gaps: [] }
    },
  }
  return { crew, callers }
}
