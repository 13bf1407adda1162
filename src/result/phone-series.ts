import { Histogram } from '../stats/histogram.ts'
import type { PhoneRecord } from './phone-records.ts'
import type { TurnRecord } from './records.ts'
import type { PhonePoint } from './summary.ts'

/** Calls in each of `count` equal stretches of a run: on the line, how soon they were answered, lost. */
export class PhoneSeries {
  readonly #stretchMs: number
  readonly #stretches: { heldMs: number; readonly responses: Histogram; blocked: number; lost: number }[]

  constructor({ stretchMs, count }: { readonly stretchMs: number; readonly count: number }) {
    this.#stretchMs = stretchMs
    this.#stretches = Array.from({ length: count }, () => ({
      heldMs: 0,
      responses: new Histogram(),
      blocked: 0,
      lost: 0,
    }))
  }

  turn({ firstTokenAtMs, sentAtMs }: Readonly<TurnRecord>): void {
    this.#at(firstTokenAtMs)?.responses.add(firstTokenAtMs - sentAtMs)
  }

  call({ grantedAtMs, endedAtMs, ending }: Readonly<PhoneRecord>): void {
    const last = this.#at(endedAtMs)
    if (last && ending === 'blocked') last.blocked++
    if (last && (ending === 'abandoned' || ending === 'dropped' || ending === 'failed')) last.lost++
    const stretchMs = this.#stretchMs
    const { length } = this.#stretches
    // A call without a channel held none: NaN is before no end.
    for (let i = Math.floor(grantedAtMs / stretchMs); i < length && i * stretchMs < endedAtMs; i++) {
      const held = Math.min(endedAtMs, (i + 1) * stretchMs) - Math.max(grantedAtMs, i * stretchMs)
      this.#stretches[i]!.heldMs += held
    }
  }

  points(): PhonePoint[] {
    return this.#stretches.map(({ heldMs, responses, blocked, lost }) => ({
      onTheLine: heldMs / this.#stretchMs,
      ...(responses.count > 0
        ? { responseP50Ms: responses.quantile(0.5), responseP95Ms: responses.quantile(0.95) }
        : {}),
      blocked,
      lost,
    }))
  }

  #at(atMs: number) {
    return this.#stretches[Math.floor(atMs / this.#stretchMs)]
  }
}
