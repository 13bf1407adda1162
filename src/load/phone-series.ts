import type { PhoneRecord } from '../result/phone-records.ts'
import type { TurnRecord } from '../result/records.ts'
import type { PhonePoint } from '../result/summary.ts'
import { Histogram } from '../stats/histogram.ts'

/** Calls in each of `count` equal stretches of a run: on the line, how soon they were answered, lost. */
export function phoneSeries(
  calls: readonly Readonly<PhoneRecord>[],
  turns: readonly Readonly<TurnRecord>[],
  { stretchMs, count }: { readonly stretchMs: number; readonly count: number },
): PhonePoint[] {
  const stretches = Array.from({ length: count }, () => ({
    heldMs: 0,
    responses: new Histogram(),
    blocked: 0,
    lost: 0,
  }))
  for (const { firstTokenAtMs, sentAtMs } of turns)
    stretches[Math.floor(firstTokenAtMs / stretchMs)]?.responses.add(firstTokenAtMs - sentAtMs)
  for (const { grantedAtMs, endedAtMs, ending } of calls) {
    const last = stretches[Math.floor(endedAtMs / stretchMs)]
    if (last && ending === 'blocked') last.blocked++
    if (last && (ending === 'abandoned' || ending === 'dropped' || ending === 'failed')) last.lost++
    // A call without a channel held none: NaN is before no end.
    for (let i = Math.floor(grantedAtMs / stretchMs); i < count && i * stretchMs < endedAtMs; i++) {
      const held = Math.min(endedAtMs, (i + 1) * stretchMs) - Math.max(grantedAtMs, i * stretchMs)
      stretches[i]!.heldMs += held
    }
  }
  return stretches.map(({ heldMs, responses, blocked, lost }) => ({
    onTheLine: heldMs / stretchMs,
    ...(responses.count > 0
      ? { responseP50Ms: responses.quantile(0.5), responseP95Ms: responses.quantile(0.95) }
      : {}),
    blocked,
    lost,
  }))
}
