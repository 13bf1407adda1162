import type { AnsweredTimes } from './answered-turns.ts'
import type { TurnRecord } from './records.ts'
import type { Summary } from './summary.ts'
import type { TurnCalls } from './turn-calls.ts'

type CallTimes = Pick<TurnCalls, 'modelMs' | 'toolMs' | 'retryWaitMs'>
type Part = 'own' | 'model' | 'tools' | 'retryWait' | 'sound'

/** Where turns spend their time, in sums. */
export class TurnTime {
  readonly #sums: Record<Part, number> = { own: 0, model: 0, tools: 0, retryWait: 0, sound: 0 }
  readonly #isOfCalls: boolean

  constructor(isOfCalls: boolean) {
    this.#isOfCalls = isOfCalls
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
    const { own, model, tools, retryWait, sound } = this.#sums
    return [
      { part: this.#isOfCalls ? 'hearing, speaking, agent' : 'agent', meanMs: own / turns },
      { part: 'model', meanMs: model / turns },
      { part: 'tools', meanMs: tools / turns },
      { part: 'retry wait', meanMs: retryWait / turns },
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
    take('model', modelMs)
    take('own', leftMs)
    this.#sums.sound += turnMs - responseMs
  }
}
