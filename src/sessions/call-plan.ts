import type { Caller, Phone } from '../workload/phone.ts'
import { ExactDraw } from './draw.ts'
import { purposes } from './purposes.ts'
import type { Sessions } from './sessions.ts'
import { uniformOf, Uniforms } from './uniform.ts'

/** What a caller will do, drawn before the call; a slow agent makes it longer, as with people. */
export interface CallPlan {
  readonly session: number
  readonly scenario: number
  /** The caller hangs up after this at the earliest. */
  readonly durationMs: number
  readonly turns: number
  /** The turn at which the caller presses 0 for a person instead of speaking; -1: none. */
  readonly pressesAt: number
  isSilent(turn: number): boolean
  /** How long the caller listens to the answer before speaking into it; Infinity: to its end. */
  interruptsAfterMs(turn: number): number
  /** Between the end of an answer and what is said next. */
  pauseMs(turn: number): number
  /** From the end of the utterance to the first sound; Infinity: for ever. */
  patienceMs(turn: number): number
  text(turn: number): string
}

/** Long enough to have heard that somebody speaks, and within a short answer. */
const leastHeardMs = 300
const mostHeardMs = 1500

/** What all callers do, played or simulated; milliseconds. */
export const callerHabits = {
  /** People who have just been connected say nothing for so long: whoever answers speaks first. */
  firstWordsMs: 1000,
  /** An answer is over when nothing more has been heard for so long. */
  answerOverMs: 800,
  /** Without a sound of an answer, even a patient caller hangs up. */
  answerWithinMs: 30_000,
} as const

/** What callers will do, each a pure function of the call's session and its turn; durations into a place. */
export class CallerDraws {
  readonly #caller: Caller
  readonly #uniforms: Uniforms
  readonly #pause: ExactDraw

  constructor(uniforms: Uniforms, { caller }: Phone) {
    this.#caller = caller
    this.#uniforms = uniforms
    this.#pause = new ExactDraw(caller.pause, uniforms, purposes.pause)
  }

  /** The turn, of so many, at which the caller presses 0 for a person instead of speaking; -1: none. */
  pressesAt(session: number, turns: number): number {
    if (!this.#happens(this.#caller.human, session, 0, purposes.human)) return -1
    return Math.floor(uniformOf(this.#uniforms.bitsAt(session, 0, 0, 0, purposes.humanAt)) * turns)
  }

  isSilent(session: number, turn: number): boolean {
    return this.#happens(this.#caller.silent, session, turn, purposes.silent)
  }

  /** How long the caller listens to the answer before speaking into it; Infinity: to its end. */
  interruptsAfterMs(into: Float64Array, place: number, session: number, turn: number): void {
    if (!this.#happens(this.#caller.interrupts, session, turn, purposes.interrupts)) {
      into[place] = Infinity
      return
    }
    const bits = this.#uniforms.bitsAt(session, turn, 0, 0, purposes.interruptsAfter)
    into[place] = leastHeardMs + (mostHeardMs - leastHeardMs) * uniformOf(bits)
  }

  /** Between the end of an answer and what is said next. */
  pauseMs(into: Float64Array, place: number, session: number, turn: number): void {
    into[place] = 0
    this.#pause.addTo(into, place, session, turn)
  }

  #happens(share: number, session: number, turn: number, purpose: number): boolean {
    return uniformOf(this.#uniforms.bitsAt(session, turn, 0, 0, purpose)) < share
  }
}

/** The plan of the call that a session is. */
export function callPlan(sessions: Sessions, phone: Phone, session: number): CallPlan {
  const draws = new CallerDraws(new Uniforms(sessions.seed), phone)
  const drawn = new Float64Array(1)
  const turns = sessions.turns(session)
  return {
    session,
    scenario: sessions.scenario(session),
    durationMs: sessions.callMs(session),
    turns,
    pressesAt: draws.pressesAt(session, turns),
    isSilent: (turn) => draws.isSilent(session, turn),
    interruptsAfterMs(turn) {
      draws.interruptsAfterMs(drawn, 0, session, turn)
      return drawn[0]!
    },
    pauseMs(turn) {
      draws.pauseMs(drawn, 0, session, turn)
      return drawn[0]!
    },
    patienceMs: (turn) => sessions.patienceMs(session, turn),
    text: (turn) => sessions.text(session, turn),
  }
}
