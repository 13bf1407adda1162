import type { Sessions } from './sessions.ts'
import type { Phone } from '../workload/phone.ts'

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

const purposes = { silent: 60, interrupts: 61, interruptsAfter: 62, human: 63, humanAt: 64, pause: 65 }

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

export function callPlan(sessions: Sessions, { caller }: Phone, session: number): CallPlan {
  const u = (turn: number, purpose: number): number => sessions.uniform(session, turn, 0, 0, purpose)
  const turns = sessions.turns(session)
  const presses = u(0, purposes.human) < caller.human
  return {
    session,
    scenario: sessions.scenario(session),
    durationMs: sessions.callMs(session),
    turns,
    pressesAt: presses ? Math.floor(u(0, purposes.humanAt) * turns) : -1,
    isSilent: (turn) => u(turn, purposes.silent) < caller.silent,
    interruptsAfterMs: (turn) =>
      u(turn, purposes.interrupts) < caller.interrupts
        ? leastHeardMs + (mostHeardMs - leastHeardMs) * u(turn, purposes.interruptsAfter)
        : Infinity,
    pauseMs: (turn) => Math.max(0, caller.pause.quantile(u(turn, purposes.pause))),
    patienceMs: (turn) => sessions.patienceMs(session, turn),
    text: (turn) => sessions.text(session, turn),
  }
}
