import type { Derivation } from '../result/derivation.ts'
import type { BurstPlan, DayShape, PeakPlan, TogetherPlan } from '../result/peak-plan.ts'
import { input } from './explain-figures.ts'

/** How each number of the day, the burst and the common start came about. */
export function peakDerivations({ day, burst, together }: PeakPlan): Derivation[] {
  return [
    ...(day ? ofDay(day) : []),
    ...(burst ? ofBurst(burst) : []),
    ...(together ? ofStart(together) : []),
  ]
}

function ofDay({
  peakToAverage,
  busiestHour,
  busiestShare,
  beyondMeanShare,
  hoursBeyondMean,
}: DayShape): Derivation[] {
  const common = { source: 'users.peak.day of the file', exact: true }
  return [
    {
      ...common,
      figure: 'peak to average of the day',
      formula: 'the busiest hour ÷ the mean of all hours',
      inputs: [
        ...input('hour', busiestHour, "o'clock"),
        ...input('share of the day', busiestShare, 'share'),
        ...input('used on average, bought for it', 1 / peakToAverage, 'share'),
      ],
      result: peakToAverage,
      unit: 'times',
    },
    {
      ...common,
      figure: 'work beyond the mean of the day',
      formula: 'the sum of what each hour has beyond the mean ÷ the whole day',
      inputs: input('hours beyond it', hoursBeyondMean, 'hours'),
      result: beyondMeanShare,
      unit: 'share',
    },
  ]
}

function ofBurst({ callsPerSecond, tokensPerSecond, forMs, absorbed }: BurstPlan): Derivation[] {
  const offered = [
    ...input('calls', callsPerSecond, 'calls/s'),
    ...input('tokens of a call', tokensPerSecond / callsPerSecond, 'tokens'),
  ]
  const common = { source: 'users.peak.burst of the file, and how the quota counts: its preset', exact: true }
  return [
    {
      ...common,
      figure: 'the burst',
      formula: 'calls/s × input and output tokens of the mean call',
      inputs: [...offered, ...input('it lasts', forMs, 'ms')],
      result: tokensPerSecond,
      unit: 'tokens/s',
    },
    ...absorbed.flatMap(({ name, forMs: ms, calls }) =>
      ms === undefined
        ? []
        : [
            {
              ...common,
              figure: `the burst, absorbed by ${name}`,
              formula:
                'what is free at first ÷ (charged at admission a second − filled again a second), the first limit to run out; a window starts again full',
              inputs: [...offered, ...input('calls by then', calls, 'calls')],
              result: ms,
              unit: 'ms',
            },
          ],
    ),
  ]
}

function ofStart({ agents, waits }: TogetherPlan): Derivation[] {
  return waits.map(({ name, atOnce, refused, lastMs, meanMs }) => ({
    figure: `all at once, ${name}`,
    formula:
      'agents whose first calls fit into what is free; of the others the k-th fits when k calls have been filled again, or as many windows have passed',
    inputs: [
      ...input('agents', agents, 'agents'),
      ...input('refused', refused, 'agents'),
      ...input('last admitted after', lastMs, 'ms'),
      ...input('mean wait', meanMs, 'ms'),
    ],
    result: atOnce,
    unit: 'agents',
    source: 'users.peak.together of the file, and how the quota counts: its preset',
    exact: true,
  }))
}
