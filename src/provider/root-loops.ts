import type { TurnKey } from '../sessions/turn-key.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import { BoundedMap } from './bounded-map.ts'

const remembered = 50_000

/**
 * Tells the root loop of a turn from agents beside it that read the same message: routers, guards, planners. It is the
 * first one that declares a tool which the scenario allows; who begins anew in the same form tries the turn again.
 */
export class RootLoops {
  readonly #forms = new BoundedMap<string, string>(remembered)

  /** Whether the request, which goes on from nothing, begins the turn's own loop. */
  isRoot({ run, session, turn }: TurnKey, request: ModelRequest, allowed: ReadonlySet<string>): boolean {
    if (allowed.size === 0) return true
    // Without its tools an agent cannot loop. One that has to answer in a form decides something for the one that does.
    if (!request.tools.some(({ name }) => allowed.has(name))) return !isShaped(request)
    const key = `${run}.${session}.${turn}`
    const form = request.tools.map(({ name }) => name).join()
    const known = this.#forms.get(key)
    if (known === undefined) this.#forms.set(key, form)
    return known === undefined || known === form
  }
}

function isShaped({ format, toolChoice }: ModelRequest): boolean {
  return format.kind !== 'text' || toolChoice.mode === 'required'
}
