import type { Capacity, ProbeResult } from '../result/capacity.ts'
import { type AtLoad, type LoadUnit, loadUnit } from '../result/load-words.ts'
import type { Run } from '../result/run.ts'
import type { ServiceUse, Summary, SummaryOrigin } from '../result/summary.ts'
import { levelValue } from '../workload/level.ts'

/** What one engine answered: a capacity with the level that its other numbers are read at, or a single level. */
export interface Answer {
  readonly origin: SummaryOrigin
  readonly approximate: boolean
  /** Which of two systems, where both were searched in turn. */
  readonly side?: 'A' | 'B'
  readonly capacity?: Capacity
  readonly summary?: Summary
}

const order: readonly SummaryOrigin[] = ['solved', 'simulated', 'measured', 'observed']

/**
 * The capacities side by side, in the order algebra, simulation, measurement; the other numbers of all of them at one
 * level where the engines answered one, else each from the probe nearest to its capacity.
 */
export function capacityAnswers(run: Run): Answer[] {
  const alike = new Set(run.summaries.map(({ level }) => levelValue(level))).size === 1 ? run.summaries : []
  return run.capacities
    .map((capacity) =>
      answerOf(
        capacity,
        alike.find(({ origin }) => origin === capacity.origin),
      ),
    )
    .toSorted((one, other) => order.indexOf(one.origin) - order.indexOf(other.origin))
}

function answerOf(capacity: Capacity, summary = nearestProbe(capacity)?.summary): Answer {
  const { origin, approximate = false } = capacity
  return { origin, approximate, capacity, ...(summary && { summary }) }
}

/** The columns to be held against each other: both systems where two were searched in turn, else each engine's answer. */
export function columnsOf({ against }: Run, answers: readonly Answer[]): readonly Answer[] {
  if (!against) return answers
  return [
    ...answers.map((answer): Answer => ({ ...answer, side: 'A' })),
    { ...answerOf(against.capacity), side: 'B' },
  ]
}

/** The answers at one level, side by side. */
export function levelAnswers(run: Run): Answer[] {
  return run.summaries
    .map((summary) => ({ origin: summary.origin, approximate: summary.approximate ?? false, summary }))
    .toSorted((one, other) => order.indexOf(one.origin) - order.indexOf(other.origin))
}

/** The probe to read the other numbers of a capacity from: nearest in level, of two a valid one, and one that held. */
export function nearestProbe(capacity: Capacity): ProbeResult | undefined {
  const target = levelValue(capacity.level)
  const distance = (probe: ProbeResult): number =>
    Math.abs(levelValue(probe.level) - target) +
    (probe.summary.generator?.valid === false ? 2e-9 : 0) +
    (probe.pass === true ? 0 : 1e-9)
  let nearest: ProbeResult | undefined
  for (const probe of capacity.probes) if (!nearest || distance(probe) < distance(nearest)) nearest = probe
  return nearest
}

/** The answer that the reader should act on: measured before simulated before solved, usable before invalid. */
export function headlineAnswer(answers: readonly Answer[]): Answer | undefined {
  const trust: readonly SummaryOrigin[] = ['measured', 'observed', 'simulated', 'solved']
  const rank = (answer: Answer): number =>
    trust.indexOf(answer.origin) + (isInvalid(answer) ? trust.length : 0)
  return answers.toSorted((one, other) => rank(one) - rank(other))[0]
}

/** Why an answer must not be used; empty when it may. */
export function invalidReasons(answer: Answer): readonly string[] {
  const { capacity, summary } = answer
  if (capacity?.invalid) return capacity.invalid.length > 0 ? capacity.invalid : ['the answer is not valid']
  if (summary?.generator?.valid !== false) return []
  return summary.generator.reasons.length > 0 ? summary.generator.reasons : ['the generator did not keep up']
}

/** Whether an answer must not be used. */
export function isInvalid(answer: Answer): boolean {
  return invalidReasons(answer).length > 0
}

/** The service that binds, as the capacity says it or as the summary shows it. */
export function bindingService(answer: Answer): ServiceUse | undefined {
  return answer.summary?.services?.find((service) => service.binding)
}

/** What an answer is told by: its capacity, else its level. */
export function loadOf({ capacity, summary }: Answer): AtLoad | undefined {
  return capacity ?? summary
}

/** What the level of an answer counts. */
export function levelUnit(answer: Answer | undefined): LoadUnit {
  const load = answer && loadOf(answer)
  return load ? loadUnit(load) : 'users'
}
