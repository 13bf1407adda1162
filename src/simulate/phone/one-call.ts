import type { PhoneEnding } from '../../result/phone-records.ts'
import { type CallPlan, callPlan } from '../../sessions/call-plan.ts'
import type { Phone } from '../../workload/phone.ts'
import { purposes } from '../events.ts'
import type { World } from '../world.ts'

/** A call that the agent hands to a person goes there after one of its first answers. */
const latestHandOff = 3

/**
 * Where a call is: with the carrier and its vendors, on hold at the agent, between turns, in a turn (spoken, on its way
 * to the agent, with it, never to be answered, heard), or on its way out.
 */
export type CallPhase =
  | 'offered'
  | 'onHold'
  | 'waiting'
  | 'speaking'
  | 'hearing'
  | 'thinking'
  | 'silence'
  | 'answering'
  | 'leaving'

/** One caller and what is known of the call; instants are NaN until they have come. */
export interface OneCall {
  readonly client: number
  readonly session: number
  readonly scenario: number
  readonly plan: CallPlan
  /** Answers after which the agent hands the call on; Infinity: it does not. */
  readonly handOffAfter: number
  readonly offeredAtMs: number
  grantedAtMs: number
  answeredAtMs: number
  phase: CallPhase
  turn: number
  /** Names of what is planned for the call: anything else that comes up is outdated. */
  dueKey: number
  patienceKey: number
  /** When the answer is heard first, when it has been played, and when the caller speaks into it. */
  audibleAtMs: number
  playsUntilMs: number
  interruptsAtMs: number
  failures: number
  answers: number
  /** How the call ends when what is played has been heard. */
  leavesAs: PhoneEnding | undefined
  interruptions: number
  readonly bargeInStopMs: number[]
}

/** A call that is offered now. */
export function newCall(
  { sessions }: World,
  phone: Phone,
  client: number,
  session: number,
  atMs: number,
): OneCall {
  const u = (purpose: number): number => sessions.uniform(session, 0, 0, 0, purpose)
  const isHandedOff = u(purposes.handOff) < (phone.handOff?.share ?? 0)
  return {
    client,
    session,
    scenario: sessions.scenario(session),
    plan: callPlan(sessions, phone, session),
    handOffAfter: isHandedOff ? 1 + Math.floor(u(purposes.handOffAt) * latestHandOff) : Infinity,
    offeredAtMs: atMs,
    grantedAtMs: NaN,
    answeredAtMs: NaN,
    phase: 'offered',
    turn: 0,
    dueKey: 0,
    patienceKey: 0,
    audibleAtMs: NaN,
    playsUntilMs: -Infinity,
    interruptsAtMs: NaN,
    failures: 0,
    answers: 0,
    leavesAs: undefined,
    interruptions: 0,
    bargeInStopMs: [],
  }
}

/** Something must be left to say for whoever speaks into an answer. */
export function mayInterrupt({ plan, turn }: OneCall): boolean {
  const next = turn + 1
  return next < plan.turns && next !== plan.pressesAt && !plan.isSilent(next)
}
