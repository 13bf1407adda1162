import type { Capacity } from './capacity.ts'
import { type CapacityDifference, leastMissed } from './capacity-difference.ts'
import { formatShare } from './figure-text.ts'
import { levelValue } from '../workload/level.ts'
import {
  atOnceLoadText,
  atOnceText,
  callsAtOnce,
  countText,
  loadText,
  loadUnit,
  rangeText,
} from './load-words.ts'
import type { VerdictLine } from './run.ts'

/** The difference in plain sentences, the answer first. */
export function differenceWords(a: Capacity, found: CapacityDifference): VerdictLine[] {
  const { capacity: b, change, gate } = found
  return [
    { label: '', text: headline(a, found) },
    { label: 'A', text: sideText(a) },
    { label: 'B', text: `${sideText(b)}; it is ${change}` },
    {
      label: 'how',
      text: `${a.probes.length} trials of A and ${b.probes.length} of B in turn (A B, B A …), with the same seeds: what drifts meets both; what stands below the table is A’s`,
    },
    ...(gate
      ? [
          {
            label: 'gate',
            text: gate.regressed
              ? `regression: B is worse by more than ${formatShare(gate.share)}, and not by chance`
              : `no regression beyond ${formatShare(gate.share)}${found.verdict === 'cannot tell' ? ' that can be told from chance' : ''}`,
          },
        ]
      : []),
  ]
}

function headline(
  a: Capacity,
  { capacity, difference, low, high, share, verdict }: CapacityDifference,
): string {
  const text = (value: number): string => countText(capacity, value)
  const unit = loadUnit(capacity)
  const within = (of: string): string =>
    low === undefined && high === undefined
      ? ''
      : ` (95 % interval of the difference: ${endsText(low, high, text)}${of})`
  const range = within('')
  if (verdict === 'cannot tell')
    return `Whether B carries more than A cannot be told${within(` ${unit}`) || whyNoRange(a, capacity)}.`
  if (levelValue(capacity.level) <= 0)
    return `B is worse: it ${noLoadText(capacity)}, and A carries ${atOnceLoadText(a)}${within(` ${unit}`)}.`
  if (levelValue(a.level) <= 0)
    return `B is better: it carries ${atOnceLoadText(capacity)}, and A ${noLoadText(a)}${within(` ${unit}`)}.`
  const amount = `${text(Math.abs(difference))} ${unit} ${difference > 0 ? 'more' : 'fewer'}`
  const relative = share === undefined ? '' : `, ${formatShare(Math.abs(share))}`
  return `B is ${verdict}: it carries ${atOnce(a, capacity)}${amount} than A${relative}${range}.`
}

function whyNoRange(...both: readonly Capacity[]): string {
  if (both.some(({ invalid }) => invalid)) return ': an answer must not be used'
  if (both.every(({ unbounded }) => unbounded)) return ': every objective held for both at all that was tried'
  return both.some(({ level }) => levelValue(level) <= 0)
    ? ': not of both is a load known to be carried; try lower ones (--max-users), or more of them (--probes)'
    : ': an answer has no interval'
}

/** `7.3 calls at once instead of 4.4: `; nothing of other loads. */
function atOnce(a: Capacity, b: Capacity): string {
  const [before, after] = [callsAtOnce(a), callsAtOnce(b)]
  if (before === undefined || after === undefined) return ''
  return `${atOnceText(after)} calls at once instead of ${atOnceText(before)}: `
}

function endsText(
  low: number | undefined,
  high: number | undefined,
  text: (value: number) => string,
): string {
  const signed = (value: number): string => `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`
  if (low === undefined) return `${signed(high!)} or less`
  return high === undefined ? `${signed(low)} or more` : `${signed(low)} to ${signed(high)}`
}

/** No load is known to be carried: that is not to say that none is. */
function noLoadText(capacity: Capacity): string {
  const missed = capacity.brokenBy ?? 'an objective'
  const lowest = leastMissed(capacity)
  return lowest === undefined
    ? 'carried no load that was tried for sure: too few turns ended to tell'
    : `missed ${missed} at every load tried, down to ${loadText(capacity, lowest)}`
}

function sideText(capacity: Capacity): string {
  const { unbounded, brokenBy, covers } = capacity
  if (levelValue(capacity.level) <= 0) return noLoadText(capacity)
  if (unbounded) return `carries ${atOnceLoadText(capacity)} or more: every objective held`
  const range = rangeText(capacity)
  const within = range === '' ? '' : `${covers ?? '95 % of samples'}: ${range}`
  return `carries ${atOnceLoadText(capacity, undefined, within)}${brokenBy ? `; beyond, ${brokenBy} is missed` : ''}`
}
