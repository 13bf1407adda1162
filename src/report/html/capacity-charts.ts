import { inUnit } from '../../result/load-words.ts'
import type { ProbeResult } from '../../result/capacity.ts'
import type { Summary, SummaryOrigin } from '../../result/summary.ts'
import { levelValue } from '../../workload/level.ts'
import { type Answer, headlineAnswer, levelUnit, loadOf } from '../answers.ts'
import { callMeasures, type Measure, turnMeasures } from './capacity-measures.ts'
import type { ChartSeries, ChartSpec } from './chart-spec.ts'

/** Time, throughput and errors against the level, each engine in its own colour, the capacity marked. */
export function capacityCharts(answers: readonly Answer[]): ChartSpec[] {
  const withProbes = answers.filter(({ capacity }) => capacity && capacity.probes.length > 0)
  if (withProbes.length === 0) return []
  const measures = levelUnit(withProbes[0]) === 'calls/min' ? callMeasures : turnMeasures
  return measures.map((measure) => chartOf(measure, withProbes)).filter((spec) => spec.series.length > 0)
}

function chartOf(measure: Measure, answers: readonly Answer[]): ChartSpec {
  const places = placesOf(answers)
  const xs = places.map(({ level }) => level)
  const load = answers[0] && loadOf(answers[0])
  const isOfCalls = levelUnit(answers[0]) === 'calls/min'
  const limit = measure.metric === undefined ? undefined : objectiveLimit(answers, measure.metric)
  const factor = measure.kind === 'ms' ? timeFactor(measure, answers) : measure.kind === 'share' ? 100 : 1
  const series = measure.lines.flatMap((line) =>
    answers.flatMap((answer): ChartSeries[] => {
      const probes = probesByLevel(answer)
      const read = (pick: (summary: Summary) => number | undefined): (number | null)[] =>
        places.map(({ level, nth }) => {
          const probe = probes.get(level)?.[nth]
          const value = probe && pick(probe.summary)
          return value === undefined || !Number.isFinite(value) ? null : value * factor
        })
      const values = read((summary) => line.value(summary))
      if (values.every((value) => value === null)) return []
      const label = measure.lines.length > 1 ? `${answer.origin} ${line.label}` : answer.origin
      const bounds = line.interval &&
        answer.origin !== 'solved' && {
          low: read((summary) => line.interval?.(summary)?.[0]),
          high: read((summary) => line.interval?.(summary)?.[1]),
        }
      const showsBounds =
        bounds &&
        bounds.low.some((value) => value !== null) &&
        styleOf(answer.origin, line.strong) === 'points'
      return [
        {
          label,
          color: answer.origin,
          style: styleOf(answer.origin, line.strong),
          values,
          ...(showsBounds && bounds),
        },
      ]
    }),
  )
  const unit = { ms: factor === 1 ? 'ms' : 's', perSecond: 'turns/s', share: '%', calls: 'calls' }[
    measure.kind
  ]
  const scaledLimit = limit && { value: limit.value * factor, label: limit.label }
  const yMax = cutAt(series, scaledLimit?.value, measure.kind === 'share' ? 10 : 3)
  const capacity = capacityMark(answers)
  return {
    id: measure.id,
    title: measure.title,
    xLabel: axisOfLevel[levelUnit(answers[0])],
    yLabel: isOfCalls && unit === '%' ? '% of ended calls' : (axisWords[unit] ?? unit),
    yUnit: unit,
    xs: load ? xs.map((x) => inUnit(load, x)) : xs,
    series,
    ...(capacity && { capacity }),
    ...(scaledLimit && { limit: scaledLimit }),
    ...(yMax !== undefined && { yMax }),
    ...(measure.tall && { tall: true }),
  }
}

function styleOf(origin: SummaryOrigin, strong: boolean): ChartSeries['style'] {
  if (origin === 'solved') return strong ? 'line' : 'thin'
  if (origin === 'simulated') return strong ? 'dashed' : 'thin-dashed'
  return strong ? 'points' : 'hollow'
}

function probesOf(answer: Answer): readonly ProbeResult[] {
  return answer.capacity?.probes ?? []
}

function probesByLevel(answer: Answer): Map<number, ProbeResult[]> {
  return Map.groupBy(probesOf(answer), ({ level }) => levelValue(level))
}

/** Every level in order, as often as one engine tried it: what a second trial found is drawn, too. */
function placesOf(answers: readonly Answer[]): { level: number; nth: number }[] {
  const trials = new Map<number, number>()
  for (const [level, probes] of answers.flatMap((answer) => [...probesByLevel(answer)]))
    trials.set(level, Math.max(trials.get(level) ?? 0, probes.length))
  return [...trials]
    .filter(([level]) => Number.isFinite(level))
    .toSorted(([one], [other]) => one - other)
    .flatMap(([level, count]) => Array.from({ length: count }, (_, nth) => ({ level, nth })))
}

/** Seconds where any value needs them. */
function timeFactor(measure: Measure, answers: readonly Answer[]): number {
  const summaries = answers.flatMap((answer) => probesOf(answer).map((probe) => probe.summary))
  const values = summaries.flatMap((summary) => measure.lines.map((line) => line.value(summary) ?? 0))
  return values.some((value) => value >= 1500) ? 1e-3 : 1
}

/** Far beyond the limit a curve says only that it broke: it is cut so that what happens near the limit can be seen. */
function cutAt(series: readonly ChartSeries[], limit: number | undefined, times: number): number | undefined {
  if (limit === undefined) return undefined
  const highest = Math.max(...series.flatMap((line) => line.values.map((value) => value ?? 0)))
  return highest > limit * times * 1.3 ? limit * times : undefined
}

function capacityMark(answers: readonly Answer[]): ChartSpec['capacity'] {
  const capacity = headlineAnswer(answers)?.capacity
  if (!capacity || capacity.unbounded) return undefined
  const { low, high, runAt } = capacity
  const told = (value: number): number => inUnit(capacity, value)
  return {
    at: told(levelValue(capacity.level)),
    runAt: told(runAt),
    ...(low !== undefined && high !== undefined && { low: told(low), high: told(high) }),
  }
}

const axisOfLevel = { users: 'users at once', 'sessions/s': 'sessions/s', 'calls/min': 'calls/min' }
const axisWords: Readonly<Record<string, string>> = { s: 'seconds', '%': '% of ended turns' }
const objectiveText =
  /^(?<metric>(?:turn|ttft|response) p\d+|errors|blocked) *<=? *(?<number>[\d.]+) *(?<unit>ms|s|m|min|%)$/
const unitSize: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, '%': 0.01 }

/** The limit of an objective, in milliseconds or as a share, read from its words. */
export function objectiveLimit(
  answers: readonly Answer[],
  metric: string,
): { value: number; label: string } | undefined {
  for (const { text } of answers.flatMap(({ summary }) => summary?.objectives ?? [])) {
    const groups = objectiveText.exec(text.trim())?.groups
    if (groups?.['metric'] !== metric) continue
    return { value: Number(groups['number']) * (unitSize[groups['unit'] ?? ''] ?? Number.NaN), label: text }
  }
  return undefined
}
