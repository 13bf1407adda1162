import type { LoadUnit } from '../result/load-words.ts'
import type { Metric } from './metrics.ts'

/** How a run stands at an instant; times are workload time. */
export interface LiveFigures {
  readonly level: number
  readonly of: LoadUnit
  readonly inFlight: number
  /** Turns since the run began, warm-up included, by how they ended. */
  readonly turns: Readonly<Record<string, number>>
  /** Of the last turns that ended; absent before the first. */
  readonly turnMs?: LiveTimes
  readonly ttftMs?: LiveTimes
}

export interface LiveTimes {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** The figures as numbers for dashboards, named apart from those of a run that is over. */
export function liveMetrics({ level, of, inFlight, turns, turnMs, ttftMs }: LiveFigures): Metric[] {
  return [
    {
      name: 'live_load_level',
      help: 'Load that there should be now.',
      unit: of,
      labels: { of },
      value: level,
    },
    { name: 'live_turns_in_flight', help: 'Turns under way.', unit: '1', labels: {}, value: inFlight },
    ...Object.entries(turns).map(([outcome, value]): Metric => ({
      name: 'live_turns_total',
      help: 'Turns since the run began, by how they ended.',
      unit: '1',
      labels: { outcome },
      value,
      counts: true,
    })),
    ...times('live_turn_duration_seconds', 'From the send to the end, of the last turns.', turnMs),
    ...times('live_ttft_seconds', 'Time to the first answer text, of the last turns.', ttftMs),
  ]
}

function times(name: string, help: string, all: LiveTimes | undefined): Metric[] {
  return Object.entries(all ?? {}).map(([statistic, ms]) => ({
    name,
    help,
    unit: 's',
    labels: { statistic },
    value: (ms as number) / 1000,
  }))
}
