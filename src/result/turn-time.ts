import type { AnsweredTimes } from './answered-turns.ts'
import type { TurnRecord } from './records.ts'
import type { Summary } from './summary.ts'
import type { TurnCalls } from './turn-calls.ts'

type CallTimes = Pick<TurnCalls, 'modelMs' | 'toolMs' | 'retryWaitMs'>
type Part = 'own' | 'model' | 'tools' | 'retryWait' | 'hearing' | 'speaking' | 'sound'

/** What speech services make a caller wait for, in the mean: no request of theirs names its turn. */
export interface SpeechWaits {
  /** From the end of what the caller says to its text: the silence that ends it, and speech to text. */
  readonly hearingMs: number
  /** From a text to its first sound. */
  readonly speakingMs: number
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
  readonly #isOfCalls: boolean
  readonly #speech: SpeechWaits | undefined

  /** Without its waits, speech is one with the agent's own. */
  constructor(isOfCalls: boolean, speech?: SpeechWaits) {
    this.#isOfCalls = isOfCalls
    this.#speech = speech
  }

  add(turn: Readonly<TurnRecord>, { modelMs, toolMs, retryWaitMs }: CallTimes): void {
    const turnMs = turn.endedAtMs - turn.sentAtMs
    if (this.#isOfCalls) this.#addSpoken(turn, turnMs, [modelMs, toolMs, retryWaitMs])
    else {
      this.#sums.model += modelMs
      this.#sums.tools += toolMs
      this.#sums.retryWait += retryWaitMs
      this.#sums.own += Math.max(0, turnMs - modelMs - toolMs - retryWaitMs)
    }
  }

  /** Turns that nothing else than their model made wait. */
  addPlain({ turnMs, callMs }: AnsweredTimes): void {
    let { model, own } = this.#sums
    for (let i = 0; i < turnMs.length; i++) {
      const modelMs = callMs[i]!
      const ownMs = turnMs[i]! - modelMs
      model += modelMs
      own += ownMs > 0 ? ownMs : 0
    }
    this.#sums.model = model
    this.#sums.own = own
  }

  /** Of the mean turn; the mean is over `turns`. */
  parts(turns: number): NonNullable<Summary['turnTime']> {
    const { own, model, tools, retryWait, hearing, speaking, sound } = this.#sums
    const isOneWithSpeech = this.#isOfCalls && !this.#speech
    return [
      ...(this.#speech ? [{ part: 'hearing', meanMs: hearing / turns }] : []),
      { part: isOneWithSpeech ? 'hearing, speaking, agent' : 'agent', meanMs: own / turns },
      { part: 'model', meanMs: model / turns },
      { part: 'tools', meanMs: tools / turns },
      { part: 'retry wait', meanMs: retryWait / turns },
      ...(this.#speech ? [{ part: 'speaking', meanMs: speaking / turns }] : []),
      ...(this.#isOfCalls ? [{ part: 'answer heard', meanMs: sound / turns }] : []),
    ]
  }

  /** Nobody waits for what the model writes while its beginning is heard already. */
  #addSpoken(
    { sentAtMs, firstTokenAtMs }: Readonly<TurnRecord>,
    turnMs: number,
    [modelMs, toolMs, retryWaitMs]: readonly [number, number, number],
  ): void {
    const responseMs = Number.isNaN(firstTokenAtMs) ? turnMs : firstTokenAtMs - sentAtMs
    let leftMs = responseMs
    const take = (part: Part, ms: number): void => {
      const takenMs = Math.min(leftMs, ms)
      this.#sums[part] += takenMs
      leftMs -= takenMs
    }
    take('retryWait', retryWaitMs)
    take('tools', toolMs)
    take('hearing', this.#speech?.hearingMs ?? 0)
    take('speaking', this.#speech?.speakingMs ?? 0)
    take('model', modelMs)
    take('own', leftMs)
    this.#sums.sound += turnMs - responseMs
  }
}
