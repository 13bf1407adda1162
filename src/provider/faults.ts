import type { Sessions } from '../sessions/sessions.ts'
import { splitUniform } from '../sessions/uniform.ts'
import { type Fault, type FaultName, mostFaults } from '../workload/fault.ts'

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

/** A fault as it was set. */
export interface FaultRule {
  /** Tells it from others that say the same. */
  readonly id: number
  readonly fault: Fault
}

export interface DrawnFault {
  readonly fault: Fault
  /** Of its rule, which its hits are counted under. */
  readonly id: number
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
  rules: readonly FaultRule[] = []
  #lastId = 0

  constructor(list: readonly Fault[]) {
    this.set(list)
  }

  /** Plays these and no others. Who says the same as one that was played stays it: the one of that id, where `ids` has one. */
  set(list: readonly Fault[], ids: readonly unknown[] = []): void {
    const played = this.rules.map((rule) => ({ ...rule, said: JSON.stringify(rule.fault) }))
    this.rules = list.map((fault, i) => {
      const said = JSON.stringify(fault)
      const at = played.findIndex((rule) => rule.said === said && (ids[i] ?? rule.id) === rule.id)
      const [same] = at < 0 ? [] : played.splice(at, 1)
      return { id: same?.id ?? ++this.#lastId, fault }
    })
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
    // What hits a call at one model says nothing of the next one that it is sent to.
    const first = at.kind === 'model' ? at.index * mostFaults : 0
    const rule = this.rules.find(({ fault }, i) => {
      if (!isOn(fault, at, sinceMs) || !applies(fault.name)) return false
      return (
        fault.share === 1 ||
        splitUniform(sessions.uniform(session, turn, step, attempt, hit), first + i) < fault.share
      )
    })
    if (!rule) return undefined
    const { id, fault } = rule
    return {
      id,
      fault,
      place: fault.at ?? sessions.uniform(session, turn, step, attempt, place),
    }
  }
}

function isOn({ on, fromMs, toMs, everyMs, tries }: Fault, at: FaultCoordinates, sinceMs: number): boolean {
  if (on.kind !== at.kind || (on.index !== undefined && on.index !== at.index)) return false
  if (at.kind === 'model' && at.attempt >= tries) return false
  const inCycleMs =
    everyMs === undefined || sinceMs < fromMs ? sinceMs : fromMs + ((sinceMs - fromMs) % everyMs)
  return inCycleMs >= fromMs && inCycleMs < toMs
}
