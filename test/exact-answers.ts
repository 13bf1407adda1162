import type { Summary } from '../src/result/summary.ts'
import { simulate } from '../src/simulate/simulate.ts'
import { studentTQuantile } from '../src/stats/student-t.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { type ExactCase, exactCases, figureOf } from './exact-cases.ts'

/** What ten simulations say of a case: their mean and the half widths of its 95 % and 99.9 % intervals. */
export interface ExactAnswer {
  readonly of: ExactCase
  readonly mean: number
  readonly half95: number
  readonly half999: number
}

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
const warmUpShare = 0.2

const simulated = new Map<string, readonly Summary[]>()

/** Once for all cases of the same runs. */
function runsOf({ yaml, level, minutes }: ExactCase): readonly Summary[] {
  const key = JSON.stringify([yaml, level, minutes])
  const known = simulated.get(key)
  if (known) return known
  const { workload, problems } = parseWorkload(yaml)
  if (!workload) throw new Error(JSON.stringify(problems))
  const measuredMs = minutes * 60_000
  const warmupMs = warmUpShare * measuredMs
  const runs = seeds.map((seed) => simulate(workload, { level, seed, warmupMs, measuredMs }))
  simulated.set(key, runs)
  return runs
}

export function simulatedAnswer(of: ExactCase): ExactAnswer {
  const values = runsOf(of).map((run) => figureOf(of, run))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  const error = Math.sqrt(variance / values.length)
  const half = (p: number): number => studentTQuantile(p, values.length - 1) * error
  return { of, mean, half95: half(0.975), half999: half(0.9995) }
}

/** The table of docs/agreement.md. */
export function agreementTable(answers: readonly ExactAnswer[] = exactCases.map(simulatedAnswer)): string {
  const rows = answers.map(({ of, mean, half95 }) => {
    const format = formatOf(of)
    const apart = `${mean < of.exact ? '−' : '+'}${(100 * Math.abs(mean / of.exact - 1)).toFixed(2)} %`
    return `| ${of.name} | ${of.figure} | ${format(of.exact)} | ${format(mean)} ± ${format(half95)} | ${apart} |`
  })
  return ['| case | figure | exact | simulated, 95 % | apart |', '|---|---|---|---|---|', ...rows].join('\n')
}

function formatOf({ figure }: ExactCase): (value: number) => string {
  if (figure === 'turn mean' || figure === 'turn p95') return (ms) => `${(ms / 1000).toFixed(4)} s`
  if (figure === 'turns/s') return (rate) => `${rate.toFixed(4)}/s`
  return (share) => `${(share * 100).toFixed(2)} %`
}
