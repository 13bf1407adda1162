import { Tally } from '../stats/tally.ts'
import { answeredSums, type AnsweredTimes, type AnsweredTurns } from './answered-turns.ts'
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

  /** As `add` of the calls of each turn of the window, where all turns asked this model. */
  addAnswered({ first, maxTokens, model, sums }: AnsweredTurns, { callMs }: AnsweredTimes): void {
    this.answered += callMs.length
    this.latency.addAll(callMs)
    this.tokens.input = sums[answeredSums.inputTokens]!
    this.tokens.cachedInput = sums[answeredSums.cachedTokens]!
    this.tokens.output = sums[answeredSums.outputTokens]!
    const most = maxTokens[model[first]!]!
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
