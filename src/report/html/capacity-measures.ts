import type { Interval } from '../../stats/interval.ts'
import type { Summary } from '../../result/summary.ts'

interface MeasureLine {
  readonly label: string
  readonly strong: boolean
  value(summary: Summary): number | undefined
  interval?(summary: Summary): Interval | undefined
}

/** What is drawn against the level, and how it is read from a summary. */
export interface Measure {
  readonly id: string
  readonly title: string
  readonly lines: readonly MeasureLine[]
  readonly kind: 'ms' | 'perSecond' | 'share' | 'calls'
  readonly metric?: string
  readonly tall?: boolean
}

const p95Of = (time: 'turnMs' | 'ttftMs'): MeasureLine => ({
  label: 'p95',
  strong: true,
  value: ({ latency }) => latency[time]?.p95,
  interval: ({ latency }) => latency[time]?.ci95?.p95,
})

const p50Of = (time: 'turnMs' | 'ttftMs'): MeasureLine => ({
  label: 'p50',
  strong: false,
  value: ({ latency }) => latency[time]?.p50,
})

/** Of users who write. */
export const turnMeasures: readonly Measure[] = [
  {
    id: 'turn-time',
    title: 'Turn time',
    kind: 'ms',
    metric: 'turn p95',
    tall: true,
    lines: [p95Of('turnMs'), p50Of('turnMs')],
  },
  {
    id: 'first-token',
    title: 'Time to first token, p95',
    kind: 'ms',
    metric: 'ttft p95',
    lines: [p95Of('ttftMs')],
  },
  {
    id: 'throughput',
    title: 'Completed turns a second',
    kind: 'perSecond',
    lines: [
      {
        label: 'turns',
        strong: true,
        value: (summary) => summary.turns.perSecond,
        interval: (summary) => summary.turns.perSecondCi95,
      },
    ],
  },
  {
    id: 'errors',
    title: 'Turns without an answer',
    kind: 'share',
    metric: 'errors',
    lines: [{ label: 'errors', strong: true, value: (summary) => summary.errors?.rate }],
  },
]

/** Of calls by telephone. */
export const callMeasures: readonly Measure[] = [
  {
    id: 'response',
    title: 'Response: from the caller’s last word to the answer’s first sound',
    kind: 'ms',
    metric: 'response p95',
    tall: true,
    lines: [p95Of('ttftMs'), p50Of('ttftMs')],
  },
  {
    id: 'on-the-line',
    title: 'Calls on the line at once',
    kind: 'calls',
    lines: [
      { label: 'on average', strong: true, value: (summary) => summary.phone?.active.mean },
      { label: 'at most', strong: false, value: (summary) => summary.phone?.active.max },
    ],
  },
  {
    id: 'blocked',
    title: 'Calls that get a busy tone',
    kind: 'share',
    metric: 'blocked',
    lines: [
      { label: 'blocked', strong: true, value: ({ phone }) => phone && shareOf(phone, phone.calls.blocked) },
    ],
  },
  {
    id: 'lost',
    title: 'Calls that are dropped, given up or not taken',
    kind: 'share',
    lines: [
      {
        label: 'lost',
        strong: true,
        value: ({ phone }) =>
          phone && shareOf(phone, phone.calls.dropped + phone.calls.abandoned + phone.calls.failed),
      },
    ],
  },
]

const shareOf = ({ calls }: NonNullable<Summary['phone']>, count: number): number | undefined =>
  calls.ended > 0 ? count / calls.ended : undefined
