import type { ProbeResult } from '../result/capacity.ts'
import type { ObjectiveResult } from '../result/summary.ts'
import { logit } from '../stats/regression.ts'
import { levelValue } from '../workload/level.ts'

/** What one trial says about one objective. */
export interface Evidence {
  readonly level: number
  readonly pass: boolean | 'undecided'
  /**
   * How far beyond the limit, 0 at it: of the share beyond in log-odds, of a mean in steps of 25 %, so that one is a
   * clear difference in both.
   */
  readonly distance?: number
  /** The 95 % interval of what was seen lies wholly on one side of the limit. */
  readonly decisive: boolean
  /** The data behind the distance, where a line can be put through them. */
  readonly data?:
    | {
        readonly kind: 'share'
        readonly share: number
        readonly count: number
        readonly allowed: number
        readonly lengthMs: number
      }
    | { readonly kind: 'mean'; readonly variance: number }
}

/** Trials within this distance of the boundary say what the effective count is there. */
const near = 2
const meanStep = Math.log(1.25)
/** Variance of the distance of a mean without an interval; scatter about the curve only makes it larger. */
const unknownVariance = 0.01
/** An algebraic share is exact; a finite weight keeps the arithmetic finite. */
const mostCount = 1e9

/** What the trials say about their objective number `index`, in their order. */
export function evidenceOf(probes: readonly ProbeResult[], index: number): Evidence[] {
  return pooled(probes.flatMap((probe) => evidenceFrom(probe, index)))
}

/**
 * With the effective count that the trials near the boundary agree on, in proportion to their length. A trial's own
 * is a guess that errs together with its share: where few turns happen to be beyond the limit they also seem to be
 * more independent, and weighing by that would move the boundary up.
 */
function pooled(evidence: readonly Evidence[]): Evidence[] {
  const rates = evidence.flatMap(({ data, distance }) =>
    data?.kind === 'share' && data.share > 0 && Math.abs(distance!) < near
      ? [Math.log(data.count / data.lengthMs)]
      : [],
  )
  if (rates.length === 0) return evidence.map((one) => tempered(one, one.data))
  const rate = Math.exp(rates.reduce((sum, one) => sum + one, 0) / rates.length)
  return evidence.map((one) =>
    tempered(one, one.data?.kind === 'share' ? { ...one.data, count: rate * one.data.lengthMs } : one.data),
  )
}

/** One trial's worth of doubt, at the limit: a share of 0 or 1 stays finite, and none moves the crossing. */
function tempered(one: Evidence, data: Evidence['data']): Evidence {
  if (data?.kind !== 'share') return one
  const count = data.count + 1
  const share = (data.share * data.count + data.allowed) / count
  return { ...one, distance: logit(share) - logit(data.allowed), data: { ...data, share, count } }
}

/** What `probe` says about its objective number `index`. A trial whose generator was at fault says nothing. */
function evidenceFrom(probe: ProbeResult, index: number): Evidence[] {
  const objective = probe.summary.objectives[index]
  if (!objective || probe.summary.generator?.valid === false) return []
  // A trial that was cut short cannot show that the objective holds.
  const pass = probe.pass === 'undecided' && objective.pass === true ? 'undecided' : objective.pass
  return [
    {
      level: levelValue(probe.level),
      pass,
      decisive: false,
      ...seen(objective, probe.summary.window?.measuredMs || 1),
    },
  ]
}

function seen({ value, low, high, limit, exceeded }: ObjectiveResult, lengthMs: number): Partial<Evidence> {
  if (exceeded && exceeded.allowed > 0 && exceeded.allowed < 1 && exceeded.effectiveCount > 0) {
    const { allowed } = exceeded
    const count = Math.min(exceeded.effectiveCount, mostCount)
    return {
      distance: logit(exceeded.share) - logit(allowed),
      decisive: exceeded.high < allowed || exceeded.low > allowed,
      data: { kind: 'share', share: exceeded.share, count, allowed, lengthMs },
    }
  }
  if (exceeded || value === undefined || limit === undefined || !(value > 0 && limit > 0)) return {}
  const known = low !== undefined && high !== undefined && high > low
  const error = known ? (high - low) / (2 * 1.96 * value * meanStep) : 0
  return {
    distance: Math.log(value / limit) / meanStep,
    decisive: known && (high < limit || low > limit),
    data: { kind: 'mean', variance: known ? error ** 2 : unknownVariance },
  }
}
