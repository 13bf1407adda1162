import type { Capacity } from './capacity.ts'
import type { CapacityDifference } from './capacity-difference.ts'
import { formatCount, formatPeople, formatRange, formatShare } from './figure-text.ts'
import type { VerdictLine } from './run.ts'
import { loadText } from './verdict/words.ts'

/** The difference in plain sentences, the answer first. */
export function differenceWords(a: Capacity, found: CapacityDifference): VerdictLine[] {
  const { capacity: b, change, gate } = found
  return [
    { label: '', text: headline(found) },
    { label: 'A', text: sideText(a) },
    { label: 'B', text: `${sideText(b)}; it is ${change}` },
    {
      label: 'how',
      text: `${a.probes.length} trials of A and ${b.probes.length} of B in turn (A B, B A …), with the same seeds: what drifts meets both`,
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

function headline({ capacity, difference, low, high, share, verdict }: CapacityDifference): string {
  const isUsers = 'users' in capacity.level
  const text = (value: number): string => (isUsers ? formatPeople(value) : formatCount(value))
  const unit = isUsers ? 'users' : 'sessions/s'
  const range =
    low === undefined && high === undefined
      ? ''
      : ` (95 % interval of the difference: ${endsText(low, high, text)})`
  if (verdict === 'cannot tell')
    return `Whether B carries more than A cannot be told${range || ': an answer has no interval, or must not be used'}.`
  const amount = `${text(Math.abs(difference))} ${unit} ${difference > 0 ? 'more' : 'fewer'}`
  const relative = share === undefined ? '' : `, ${formatShare(Math.abs(share))}`
  return `B is ${verdict}: it carries ${amount} than A${relative}${range}.`
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

function sideText({ level, low, high, unbounded, brokenBy, covers }: Capacity): string {
  if (unbounded) return `carries ${loadText(level)} or more: every objective held`
  const format = 'users' in level ? formatPeople : formatCount
  // Whole users that are sure to be covered.
  const ends = 'users' in level ? [low && Math.floor(low), high && Math.ceil(high)] : [low, high]
  const range = formatRange([ends[0], ends[1]], format)
  const within = range === '' ? '' : ` (${covers ?? '95 % of samples'}: ${range})`
  return `carries ${loadText(level)}${within}${brokenBy ? `; beyond, ${brokenBy} is missed` : ''}`
}
