import { Histogram } from '../stats/histogram.ts'
import { answeredSums } from './answered-turns.ts'
import type { TurnRecord } from './records.ts'
import type { Summary } from './summary.ts'
import type { TurnCalls } from './turn-calls.ts'

type CallTimes = Pick<TurnCalls, 'modelMs' | 'toolMs' | 'retryWaitMs'>
type Part = 'own' | 'model' | 'tools' | 'retryWait' | 'hearing' | 'speaking' | 'sound'

/** What speech services make a caller wait for, over all turns: no request of theirs names its turn. */
export interface SpeechWaits {
  /** From the end of what the caller says to its text: the silence that ends it, and speech to text. */
  readonly hearing: Wait
  /** From a text to its first sound. */
  readonly speaking: Wait
}

interface Wait {
  readonly meanMs: number
  readonly p95Ms: number
}

/** Where turns spend their time, in sums. */
export class TurnTime {
  readonly #sums: Record<Part, number> = {
    own: 0,
    model: 0,
    tools: 0,
    retryWait: 0,
    hearing: 0,
    speaking: 0,
    sound: 0,
  }
  /** Of a spoken answer, what each turn waited for by itself. */
  readonly #waitedMs = { model: new Histogram(), tools: new Histogram(), retryWait: new Histogram() }
  readonly #isOfCalls: boolean
  readonly #speech: SpeechWaits | undefined
  #hearingMs = 0
  #speakingMs = 0

  /** Without its waits, speech is one with the agent's own. */
  constructor(isOfCalls: boolean, speech?: SpeechWaits) {
    this.#isOfCalls = isOfCalls
    this.#speech = speech
    if (!speech) return
    this.#hearingMs = speech.hearing.meanMs
    this.#speakingMs = speech.speaking.meanMs
  }

  add(turn: Readonly<TurnRecord>, { modelMs, toolMs, retryWaitMs }: CallTimes): void {
    const turnMs = turn.endedAtMs - turn.sentAtMs
    if (this.#isOfCalls) this.#addSpoken(turn, modelMs, toolMs, retryWaitMs)
    else {
      this.#sums.model += modelMs
      this.#sums.tools += toolMs
      this.#sums.retryWait += retryWaitMs
      this.#sums.own += Math.max(0, turnMs - modelMs - toolMs - retryWaitMs)
    }
  }

  /** What all turns come to, where nothing else than their model made them wait. */
  plain(sums: Float64Array): void {
    this.#sums.model = sums[answeredSums.callMs]!
    this.#sums.own = sums[answeredSums.ownMs]!
  }

  /** Of the mean turn; the mean is over `turns`. */
  parts(turns: number): NonNullable<Summary['turnTime']> {
    const { own, model, tools, retryWait, hearing, speaking, sound } = this.#sums
    const isOneWithSpeech = this.#isOfCalls && !this.#speech
    const waited = this.#waitedMs
    return [
      ...(this.#speech
        ? [{ part: 'hearing', meanMs: hearing / turns, p95Ms: this.#speech.hearing.p95Ms }]
        : []),
      { part: isOneWithSpeech ? 'hearing, speaking, agent' : 'agent', meanMs: own / turns },
      { part: 'model', meanMs: model / turns, ...p95Of(waited.model) },
      { part: 'tools', meanMs: tools / turns, ...p95Of(waited.tools) },
      { part: 'retry wait', meanMs: retryWait / turns, ...p95Of(waited.retryWait) },
      ...(this.#speech
        ? [{ part: 'speaking', meanMs: speaking / turns, p95Ms: this.#speech.speaking.p95Ms }]
        : []),
      ...(this.#isOfCalls ? [{ part: 'answer heard', meanMs: sound / turns }] : []),
    ]
  }

  /** Nobody waits for what the model writes while its beginning is heard already. */
  #addSpoken(
    { sentAtMs, firstTokenAtMs, endedAtMs }: Readonly<TurnRecord>,
    modelMs: number,
    toolMs: number,
    retryWaitMs: number,
  ): void {
    const sums = this.#sums
    const turnMs = endedAtMs - sentAtMs
    const responseMs = Number.isNaN(firstTokenAtMs) ? turnMs : firstTokenAtMs - sentAtMs
    let leftMs = responseMs
    const retryWait = Math.min(leftMs, retryWaitMs)
    leftMs -= retryWait
    const tools = Math.min(leftMs, toolMs)
    leftMs -= tools
    const hearing = Math.min(leftMs, this.#hearingMs)
    leftMs -= hearing
    const speaking = Math.min(leftMs, this.#speakingMs)
    leftMs -= speaking
    const model = Math.min(leftMs, modelMs)
    sums.retryWait += retryWait
    sums.tools += tools
    sums.hearing += hearing
    sums.speaking += speaking
    sums.model += model
    sums.own += leftMs - model
    sums.sound += turnMs - responseMs
    this.#waitedMs.retryWait.add(retryWait)
    this.#waitedMs.tools.add(tools)
    this.#waitedMs.model.add(model)
  }
}

const p95Of = (waitedMs: Histogram): { p95Ms?: number } =>
  waitedMs.count === 0 ? {} : { p95Ms: waitedMs.quantile(0.95) }
