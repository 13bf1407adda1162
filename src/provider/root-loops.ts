import type { TurnKey } from '../sessions/turn-key.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import { mix } from '../sessions/uniform.ts'
import type { CountTable } from './count-table.ts'

/**
 * Tells the root loop of a turn from agents beside it that read the same message: routers, guards, planners. It is the
 * first one that declares a tool which the scenario allows; who begins anew in the same form tries the turn again.
 */
export class RootLoops {
  readonly #forms: CountTable

  constructor(forms: CountTable) {
    this.#forms = forms
  }

  /** Whether the request, which goes on from nothing, begins the turn's own loop. */
  isRoot({ run, session, turn }: TurnKey, request: ModelRequest, allowed: ReadonlySet<string>): boolean {
    if (allowed.size === 0) return true
    // Without its tools an agent cannot loop. One that has to answer in a form decides something for the one that does.
    if (!request.tools.some(({ name }) => allowed.has(name))) return !isShaped(request)
    const key = `loop ${run}.${session}.${turn}`
    const form = formOf(request)
    return this.#forms.atOnce(() => {
      const known = this.#forms.get(key)
      if (known === undefined) this.#forms.set(key, form)
      return known === undefined || known === form
    })
  }
}

/** 32 bits of the names of its tools. */
function formOf({ tools }: ModelRequest): number {
  let hash = 0
  for (const { name } of tools) {
    for (let i = 0; i < name.length; i++) hash = mix(hash ^ name.charCodeAt(i))
    hash = mix(hash ^ 0x2c)
  }
  return hash
}

function isShaped({ format, toolChoice }: ModelRequest): boolean {
  return format.kind !== 'text' || toolChoice.mode === 'required'
}
