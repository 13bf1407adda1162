import type { PhoneEnding } from '../../result/phone-records.ts'
import { longer } from '../../stats/columns.ts'

/**
 * Where a call is: with the carrier and its vendors, on hold at the agent, between turns, in a turn (spoken, on its way
 * to the agent, with it, never to be answered, heard), on its way out, or over.
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
  | 'over'

const never: readonly number[] = []

/**
 * What is known of each call besides what `Clients` know of its caller, in columns. A call is the ordinal of its client;
 * instants are NaN until they have come. Grows; allocates nothing per call, but for those who interrupt.
 */
export class PhoneCalls {
  /** Calls that there is room for. */
  #capacity = 64
  readonly phase: CallPhase[] = []
  /** How the call ends when what is played has been heard. */
  readonly leavesAs: (PhoneEnding | undefined)[] = []
  /** By answer that the caller spoke into: how long the agent spoke on. Records have it, and may keep it. */
  readonly bargeInStopMs: (readonly number[])[] = []
  /** How long it is at least, when it came, was put through, and was answered. */
  durationMs = new Float64Array(this.#capacity)
  offeredAtMs = new Float64Array(this.#capacity)
  grantedAtMs = new Float64Array(this.#capacity)
  answeredAtMs = new Float64Array(this.#capacity)
  /** When the answer is heard first, when it has been played, and when the caller speaks into it. */
  audibleAtMs = new Float64Array(this.#capacity)
  playsUntilMs = new Float64Array(this.#capacity)
  interruptsAtMs = new Float64Array(this.#capacity)
  /** What is drawn for its next step. */
  drawnMs = new Float64Array(this.#capacity)
  /** Answers after which the agent hands the call on; Infinity: it does not. */
  handOffAfter = new Float64Array(this.#capacity)
  /** The turn at which the caller presses 0 for a person instead of speaking; -1: none. */
  pressesAt = new Int32Array(this.#capacity)
  /** Names of what is planned for the call: anything else that comes up is outdated. */
  dueKey = new Int32Array(this.#capacity)
  patienceKey = new Int32Array(this.#capacity)
  /** Turns in a row that could not be answered, and answers. */
  failures = new Int32Array(this.#capacity)
  answers = new Int32Array(this.#capacity)

  /** A call is offered now. */
  begin(call: number, atMs: number): void {
    while (call >= this.#capacity) this.#grow()
    this.phase[call] = 'offered'
    this.leavesAs[call] = undefined
    this.bargeInStopMs[call] = never
    this.offeredAtMs[call] = atMs
    this.grantedAtMs[call] = NaN
    this.answeredAtMs[call] = NaN
    this.audibleAtMs[call] = NaN
    this.playsUntilMs[call] = -Infinity
    this.interruptsAtMs[call] = NaN
    this.dueKey[call] = 0
    this.patienceKey[call] = 0
    this.failures[call] = 0
    this.answers[call] = 0
  }

  end(call: number): void {
    this.phase[call] = 'over'
    this.dueKey[call] = 0
    this.patienceKey[call] = 0
  }

  /** Whether the call is between the end of what its caller says and the end of the answer. */
  isInTurn(call: number): boolean {
    switch (this.phase[call]) {
      case 'hearing':
      case 'thinking':
      case 'silence':
      case 'answering':
        return true
      default:
        return false
    }
  }

  interrupted(call: number, stopMs: number): void {
    this.bargeInStopMs[call] = [...this.bargeInStopMs[call]!, stopMs]
  }

  #grow(): void {
    const length = (this.#capacity *= 2)
    this.durationMs = longer(this.durationMs, length)
    this.offeredAtMs = longer(this.offeredAtMs, length)
    this.grantedAtMs = longer(this.grantedAtMs, length)
    this.answeredAtMs = longer(this.answeredAtMs, length)
    this.audibleAtMs = longer(this.audibleAtMs, length)
    this.playsUntilMs = longer(this.playsUntilMs, length)
    this.interruptsAtMs = longer(this.interruptsAtMs, length)
    this.drawnMs = longer(this.drawnMs, length)
    this.handOffAfter = longer(this.handOffAfter, length)
    this.pressesAt = longer(this.pressesAt, length)
    this.dueKey = longer(this.dueKey, length)
    this.patienceKey = longer(this.patienceKey, length)
    this.failures = longer(this.failures, length)
    this.answers = longer(this.answers, length)
  }
}
