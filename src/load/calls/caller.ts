import type { ErrorKind, Outcome, TurnRecord } from '../../result/records.ts'
import type { PhoneEnding } from '../../result/phone-records.ts'
import { mediaFrame } from '../../wire/twilio-media.ts'
import { AnswerEar } from './answer-ear.ts'
import { type CallPlan, callerHabits } from '../../sessions/call-plan.ts'
import type { Frames, Voice } from './voice.ts'

/** Whom the caller tells what happens. */
export interface CallerEvents {
  turnStarted(): void
  turnEnded(record: TurnRecord, message: string | undefined): void
  /** The caller's part of the call is over: the line is to be let go. */
  over(ending: PhoneEnding, atMs: number, message?: string): void
  press(digit: string): void
  /** A mark's sound has been played. */
  marked(name: string): void
}

/** How a call ends that the caller does not end. */
export type CallEnd = 'byAgent' | 'broken' | 'handedOff' | 'tooLong'

/** An answer that lasts so many times as long as silence is borne is listened to no more. */
const longestAnswer = 2
/** Who has pressed 0 waits so long for a person, unless more patient. */
const personWithinMs = 15_000

type Phase = 'waiting' | 'speaking' | 'listening' | 'forPerson' | 'over'

/**
 * One caller on the line, as a state machine that is told the time: every 20 ms it is asked for the next frame of its
 * sound, and between them it hears what the agent sends.
 */
export class Caller {
  readonly ear: AnswerEar
  interruptions = 0
  readonly bargeInStopMs: number[] = []
  talkedOver = 0
  readonly #plan: CallPlan
  readonly #voice: Voice
  readonly #tag: (turn: number) => Frames
  readonly #events: CallerEvents
  readonly #answeredAtMs: number
  readonly #timeoutMs: number
  #phase: Phase = 'waiting'
  #turn = 0
  #dueAtMs: number
  #frames: Frames = []
  #frame = 0
  #spokeFromMs = NaN
  #sentAtMs = NaN
  #patienceMs = Infinity
  #interruptsAfterMs = Infinity
  /** The caller speaks into an answer, and waits for the agent to stop. */
  #interruptedAtMs = NaN

  constructor(options: {
    readonly plan: CallPlan
    readonly voice: Voice
    readonly tag: (turn: number) => Frames
    readonly events: CallerEvents
    readonly answeredAtMs: number
    /** A turn without an answer ends the call after so long, however patient the caller. */
    readonly timeoutMs: number
  }) {
    this.#plan = options.plan
    this.#voice = options.voice
    this.#tag = options.tag
    this.#events = options.events
    this.#answeredAtMs = options.answeredAtMs
    this.#timeoutMs = options.timeoutMs
    this.#dueAtMs = options.answeredAtMs + callerHabits.firstWordsMs
    this.ear = new AnswerEar((name) => options.events.marked(name))
  }

  get isOver(): boolean {
    return this.#phase === 'over'
  }

  /** The sound of the 20 ms from `atMs` on; undefined when the caller is gone. */
  tick(atMs: number): string | undefined {
    this.ear.advance(atMs)
    this.#noteStopped(atMs)
    if (this.#phase === 'listening') this.#listen(atMs)
    if (this.#phase === 'waiting') this.#wait(atMs)
    if (this.#phase === 'forPerson' && atMs >= this.#dueAtMs) this.#hangUp('abandoned', atMs)
    if (this.#phase === 'over') return undefined
    return this.#phase === 'speaking' ? this.#speak(atMs) : this.#voice.silence
  }

  /** The call has ended without the caller's doing. */
  ended(how: CallEnd, atMs: number, message?: string): void {
    if (this.#phase === 'over') return
    const isUnanswered = this.#phase === 'listening' && !this.ear.hasAnswered(atMs) && how !== 'handedOff'
    if (isUnanswered)
      this.#endTurn(atMs, 'failed', 'protocol', message ?? 'the agent ended the call instead of answering')
    else if (this.#phase === 'listening') this.#endTurn(atMs, 'completed', 'none')
    const saidAll = this.#turn >= this.#plan.turns && !isUnanswered
    this.#hangUp(how === 'handedOff' ? 'escalated' : saidAll ? 'completed' : 'dropped', atMs, message)
  }

  /** The run is over: whatever is under way is nobody's fault. */
  cut(atMs: number): void {
    if (this.#phase === 'listening') this.#endTurn(atMs, 'abandoned', 'cut')
    this.#phase = 'over'
  }

  #wait(atMs: number): void {
    const { turns, durationMs } = this.#plan
    if (this.#turn >= turns) {
      if (atMs >= Math.max(this.#dueAtMs, this.#answeredAtMs + durationMs)) this.#hangUp('completed', atMs)
      return
    }
    if (atMs < this.#dueAtMs) return
    if (this.ear.speaks(atMs)) {
      // An agent that never stops is not listened to for ever.
      if (atMs - this.#dueAtMs >= this.#timeoutMs) this.#hangUp('abandoned', atMs)
      return
    }
    if (this.#turn === this.#plan.pressesAt) this.#askForPerson(atMs)
    else if (this.#plan.isSilent(this.#turn)) this.#nextTurn(atMs)
    else this.#beginToSpeak(atMs)
  }

  #askForPerson(atMs: number): void {
    this.#events.press('0')
    const patienceMs = this.#plan.patienceMs(this.#turn)
    this.#dueAtMs = atMs + Math.max(personWithinMs, Number.isFinite(patienceMs) ? patienceMs : 0)
    this.#phase = 'forPerson'
  }

  #beginToSpeak(atMs: number): void {
    this.#frames = [...this.#tag(this.#turn), ...this.#voice.frames(this.#plan.text(this.#turn))]
    this.#frame = 0
    this.#spokeFromMs = atMs
    this.#phase = 'speaking'
  }

  #speak(atMs: number): string {
    const frame = this.#frames[this.#frame++]
    if (this.#frame >= this.#frames.length) {
      this.#sentAtMs = atMs + mediaFrame.ms
      this.#phase = 'listening'
      this.#patienceMs = this.#plan.patienceMs(this.#turn)
      this.#interruptsAfterMs = this.#mayInterrupt() ? this.#plan.interruptsAfterMs(this.#turn) : Infinity
      this.ear.listen(this.#sentAtMs, this.#spokeFromMs)
      if (this.ear.talkedOver) this.talkedOver++
      this.#events.turnStarted()
    }
    return frame ?? this.#voice.silence
  }

  #listen(atMs: number): void {
    const { ear } = this
    if (!ear.hasAnswered(atMs)) {
      const waitedMs = atMs - this.#sentAtMs
      if (waitedMs >= this.#patienceMs) this.#giveUp(atMs, 'abandoned', 'abandoned')
      else if (waitedMs >= this.#timeoutMs) this.#giveUp(atMs, 'failed', 'timeout')
      return
    }
    const heardMs = atMs - ear.firstHeardAtMs
    if (ear.speaks(atMs) && heardMs >= this.#interruptsAfterMs) {
      this.#endTurn(atMs, 'completed', 'none')
      this.interruptions++
      this.#interruptedAtMs = atMs
      this.#beginToSpeak(atMs)
    } else if (heardMs >= longestAnswer * this.#timeoutMs) this.#giveUp(atMs, 'failed', 'timeout')
    else if (ear.isOver(atMs)) this.#endTurn(ear.heardUntilMs, 'completed', 'none')
  }

  /** There must be something to say. */
  #mayInterrupt(): boolean {
    const next = this.#turn + 1
    return next < this.#plan.turns && next !== this.#plan.pressesAt && !this.#plan.isSilent(next)
  }

  #noteStopped(atMs: number): void {
    if (Number.isNaN(this.#interruptedAtMs) || this.ear.speaks(atMs)) return
    this.bargeInStopMs.push(Math.max(0, this.ear.heardUntilMs - this.#interruptedAtMs))
    this.#interruptedAtMs = NaN
  }

  #giveUp(atMs: number, outcome: Outcome, errorKind: ErrorKind): void {
    this.#endTurn(
      atMs,
      outcome,
      errorKind,
      errorKind === 'timeout' ? 'no sound of an answer, or no end of it' : undefined,
    )
    this.#hangUp('abandoned', atMs)
  }

  #endTurn(endedAtMs: number, outcome: Outcome, errorKind: ErrorKind, message?: string): void {
    const { session, scenario } = this.#plan
    const { firstHeardAtMs, frames } = this.ear
    const record: TurnRecord = {
      kind: 'turn',
      session,
      turn: this.#turn,
      scenario,
      intendedAtMs: this.#sentAtMs,
      sentAtMs: this.#sentAtMs,
      firstTokenAtMs: firstHeardAtMs <= endedAtMs ? firstHeardAtMs : NaN,
      endedAtMs: Math.max(endedAtMs, this.#sentAtMs),
      tokens: frames,
      outcome,
      errorKind,
      status: 0,
    }
    this.#nextTurn(record.endedAtMs)
    this.#events.turnEnded(record, message)
  }

  #nextTurn(endedAtMs: number): void {
    this.#turn++
    const { turns, durationMs } = this.#plan
    const pacedMs = this.#answeredAtMs + (durationMs * this.#turn) / turns
    this.#dueAtMs = Math.max(pacedMs, endedAtMs + this.#plan.pauseMs(this.#turn))
    this.#phase = 'waiting'
  }

  #hangUp(ending: PhoneEnding, atMs: number, message?: string): void {
    if (this.#phase === 'over') return
    this.#phase = 'over'
    this.#noteStopped(atMs)
    this.#events.over(ending, atMs, message)
  }
}
