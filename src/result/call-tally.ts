import { Tally } from '../stats/tally.ts'
import type { AnsweredTurns } from './answered-turns.ts'
import { distsOf } from './dist.ts'
import type { CallRecord } from './records.ts'
import type { CallServiceSummary } from './summary.ts'

/** The calls of one model or tool that ended within the window. */
export class CallTally {
  readonly tokens = { input: 0, cachedInput: 0, output: 0 }
  /** Calls that were answered, or tried to. */
  answered = 0
  #refused = 0
  #failed = 0
  #maxTokens = 0
  #saidMaxTokens = 0
  readonly latency = new Tally()

  add(call: Readonly<CallRecord>): void {
    if (call.outcome === 'rejected') {
      this.#refused++
      return
    }
    this.answered++
    if (call.outcome !== 'completed') this.#failed++
    this.latency.add(call.endedAtMs - call.sentAtMs)
    this.tokens.input += call.inputTokens
    this.tokens.cachedInput += call.cachedTokens
    this.tokens.output += call.outputTokens
    if (Number.isNaN(call.maxTokens)) return
    this.#maxTokens += call.maxTokens
    this.#saidMaxTokens++
  }

  /** As `add` of the calls of each turn from `first` on, which all asked this model. */
  addAnswered(turns: AnsweredTurns, callMs: Float64Array, first: number): void {
    const { inputTokens, cachedTokens, outputTokens, length } = turns
    const { tokens } = this
    let { input, cachedInput, output } = tokens
    this.answered += callMs.length
    this.latency.addAll(callMs)
    for (let i = first; i < length; i++) {
      input += inputTokens[i]!
      cachedInput += cachedTokens[i]!
      output += outputTokens[i]!
    }
    tokens.input = input
    tokens.cachedInput = cachedInput
    tokens.output = output
    const most = turns.maxTokens[turns.model[first]!]!
    if (Number.isNaN(most)) return
    this.#maxTokens += most * callMs.length
    this.#saidMaxTokens += callMs.length
  }

  /** Over a window of so many seconds. */
  summary(seconds: number, kind: CallRecord['kind']): CallServiceSummary {
    const { answered, tokens } = this
    return {
      perSecond: answered / seconds,
      ...distsOf({ latencyMs: this.latency }),
      ...(kind === 'model' ? { rateLimitedPerSecond: this.#refused / seconds } : {}),
      errorRate: answered > 0 ? this.#failed / answered : 0,
      ...(kind === 'model' && answered > 0
        ? {
            tokensPerCall: {
              input: tokens.input / answered,
              cachedInput: tokens.cachedInput / answered,
              output: tokens.output / answered,
              ...(this.#saidMaxTokens > 0 ? { max: this.#maxTokens / this.#saidMaxTokens } : {}),
            },
          }
        : {}),
    }
  }
}
