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
    | { readonly kind: 'share'; readonly share: number; readonly count: number; readonly allowed: number }
    | { readonly kind: 'mean'; readonly variance: number }
}

const meanStep = Math.log(1.25)
/** Of the distance of a mean without an interval; the scatter about the line corrects it upwards. */
const unknownVariance = 0.01
/** An algebraic share is exact; a finite weight keeps the arithmetic finite. */
const mostCount = 1e9

/** What `probe` says about its objective number `index`. A trial whose generator was at fault says nothing. */
export function evidenceOf(probe: ProbeResult, index: number): Evidence[] {
  const objective = probe.summary.objectives[index]
  if (!objective || probe.summary.generator?.valid === false) return []
  // A trial cut short is no bracket, whatever it saw.
  const pass = probe.pass === 'undecided' && objective.pass === true ? 'undecided' : objective.pass
  return [{ level: levelValue(probe.level), pass, decisive: false, ...seen(objective) }]
}

function seen({ value, low, high, limit, exceeded }: ObjectiveResult): Partial<Evidence> {
  if (exceeded && exceeded.allowed > 0 && exceeded.allowed < 1 && exceeded.effectiveCount > 0) {
    const { allowed } = exceeded
    const count = Math.min(exceeded.effectiveCount, mostCount)
    // One trial's worth of doubt, at the limit: a share of 0 or 1 stays finite, and none moves the crossing.
    const share = (exceeded.share * count + allowed) / (count + 1)
    return {
      distance: logit(share) - logit(allowed),
      decisive: exceeded.high < allowed || exceeded.low > allowed,
      data: { kind: 'share', share, count: count + 1, allowed },
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
