import type { Sessions } from '../sessions/sessions.ts'
import { splitUniform } from '../sessions/uniform.ts'
import type { Fault, FaultName } from '../workload/fault.ts'

/** The call that a fault may hit. */
export interface FaultCoordinates {
  readonly kind: Fault['on']['kind']
  /** Of the model or tool; 0 for speech. */
  readonly index: number
  readonly session: number
  readonly turn: number
  readonly step: number
  /** Which try of a model call, which of parallel tool calls. */
  readonly attempt: number
}

export interface DrawnFault {
  readonly fault: Fault
  /** What its hits are counted under. */
  readonly rule: string
  /** In (0, 1): where in the answer it happens. */
  readonly place: number
}

/** Purposes of the provider's own draws: an engine's own begin at 32 (`sessions/purposes.ts`). */
const purposes = {
  model: { hit: 56, place: 57 },
  tool: { hit: 58, place: 59 },
  stt: { hit: 80, place: 81 },
  tts: { hit: 82, place: 83 },
} as const

/** The faults that are played, which may change while calls are in flight. */
export class Faults {
  #list: readonly Fault[] = []
  #rules: readonly string[] = []

  constructor(list: readonly Fault[]) {
    this.list = list
  }

  get list(): readonly Fault[] {
    return this.#list
  }

  set list(list: readonly Fault[]) {
    this.#list = list
    this.#rules = rulesOf(list)
  }

  /** A name of each, which it keeps while others come and go. */
  get rules(): readonly string[] {
    return this.#rules
  }

  /**
   * The first fault that hits the call, `sinceMs` after the run began: a pure function of the list, the call's
   * coordinates and the schedule.
   */
  draw(
    sessions: Sessions,
    at: FaultCoordinates,
    sinceMs: number,
    applies: (name: FaultName) => boolean = () => true,
  ): DrawnFault | undefined {
    const { session, turn, step, attempt } = at
    const { hit, place } = purposes[at.kind]
    const index = this.#list.findIndex((each, rule) => {
      if (!isOn(each, at, sinceMs) || !applies(each.name)) return false
      return (
        each.share === 1 ||
        splitUniform(sessions.uniform(session, turn, step, attempt, hit), rule) < each.share
      )
    })
    const fault = this.#list[index]
    if (!fault) return undefined
    return {
      fault,
      rule: this.#rules[index]!,
      place: fault.at ?? sessions.uniform(session, turn, step, attempt, place),
    }
  }
}

/** By what they say, and by their order among those that say the same. */
function rulesOf(list: readonly Fault[]): string[] {
  const alike = new Map<string, number>()
  return list.map((fault) => {
    const said = JSON.stringify(fault)
    const before = alike.get(said) ?? 0
    alike.set(said, before + 1)
    return `${said} ${before}`
  })
}

function isOn({ on, fromMs, toMs, everyMs, tries }: Fault, at: FaultCoordinates, sinceMs: number): boolean {
  if (on.kind !== at.kind || (on.index !== undefined && on.index !== at.index)) return false
  if (at.kind === 'model' && at.attempt >= tries) return false
  const inCycleMs =
    everyMs === undefined || sinceMs < fromMs ? sinceMs : fromMs + ((sinceMs - fromMs) % everyMs)
  return inCycleMs >= fromMs && inCycleMs < toMs
}
