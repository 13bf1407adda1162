import {
  circuitBreaker,
  CircuitState,
  CountBreaker,
  handleWhen,
  isBrokenCircuitError,
  noop,
  timeout,
  TimeoutStrategy,
} from 'cockatiel'
import type { Breakers } from '../workload/agent-rules.ts'

/** Why a dependency has not done its work. */
export class DependencyFailure extends Error {
  /** `open`: it was not even asked. */
  readonly why: 'open' | 'late' | 'failed'

  constructor(name: string, why: 'open' | 'late' | 'failed', cause?: unknown) {
    super(`${name}: ${words[why]}`, { cause })
    this.why = why
  }
}

const words = { open: 'its breaker is open', late: 'it took too long', failed: 'it failed' }

export interface DependencyOptions {
  readonly name: string
  /** Wall milliseconds; `Infinity`: no limit. */
  readonly limitMs: number
  /** No breaker where absent. */
  readonly breakers?: Breakers | undefined
}

/** Longest delay that the machine's timers know. */
const longestMs = 2 ** 31 - 1

/** Something that the agent needs and that may be slow or down: within its limit, behind a breaker. */
export class Dependency {
  readonly name: string
  #asked = 0
  #refused = 0
  #failed = 0
  readonly #limit: ReturnType<typeof timeout> | typeof noop
  readonly #breaker: ReturnType<typeof circuitBreaker> | undefined

  constructor({ name, limitMs, breakers }: DependencyOptions) {
    this.name = name
    // What a call has begun, such as a stream, goes on after it.
    const rules = { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }
    this.#limit = limitMs < longestMs ? timeout(limitMs, rules) : noop
    this.#breaker =
      breakers &&
      circuitBreaker(
        handleWhen((error) => !(error instanceof GivenUp)),
        {
          halfOpenAfter: breakers.openForMs,
          breaker: new CountBreaker({
            threshold: thresholdOf(breakers.failures),
            size: breakers.calls,
            minimumNumberOfCalls: breakers.calls,
          }),
        },
      )
  }

  get isOpen(): boolean {
    return this.#breaker?.state === CircuitState.Open
  }

  /** Calls so far, of them those that the breaker refused and those that failed or took too long. */
  get counts(): { readonly asked: number; readonly refused: number; readonly failed: number } {
    return { asked: this.#asked, refused: this.#refused, failed: this.#failed }
  }

  /**
   * Does the work within the limit. Throws `DependencyFailure`, or the signal's reason where whoever asked has gone,
   * which says nothing about the dependency.
   */
  async run<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#asked++
    const limited = async (): Promise<T> => {
      let limit: AbortSignal | undefined
      try {
        return await this.#limit.execute(({ signal: cut }) => work((limit = cut)), signal)
      } catch (error) {
        if (signal.aborted) throw new GivenUp()
        throw limit?.aborted ? new TookTooLong() : error
      }
    }
    try {
      return await (this.#breaker ? this.#breaker.execute(limited) : limited())
    } catch (error) {
      throw this.#told(error, signal)
    }
  }

  #told(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted || error instanceof GivenUp) return signal.reason ?? error
    if (isBrokenCircuitError(error)) {
      this.#refused++
      return new DependencyFailure(this.name, 'open')
    }
    this.#failed++
    return new DependencyFailure(this.name, error instanceof TookTooLong ? 'late' : 'failed', error)
  }
}

/** The library opens above a share and below 1; ours is reached by the share itself. */
const thresholdOf = (share: number): number => Math.max(1e-9, share - 1e-9)

class TookTooLong extends Error {}

/** Whoever asked has gone. */
class GivenUp extends Error {}
