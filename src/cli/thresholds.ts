import { InvalidArgumentError } from 'commander'
import { Mistake } from '../workload/mistake.ts'
import { type ObjectiveLine, parseObjectiveLine } from '../workload/parse-objective-line.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'

/** Gathers repeated `--threshold`. */
export function collectThreshold(value: string, earlier: readonly ObjectiveLine[]): ObjectiveLine[] {
  try {
    return [...earlier, parseObjectiveLine(value)]
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    throw new InvalidArgumentError([error.message, error.hint].filter(Boolean).join('; '))
  }
}

/** As the command line says them. */
export function textsOf(lines: readonly ObjectiveLine[]): string[] {
  return lines.flatMap(({ threshold, objective }) => threshold?.text ?? objective?.text ?? [])
}

/** The workload with these objectives besides its own. */
export function withThresholds(workload: Workload, lines: readonly ObjectiveLine[]): Workload {
  if (lines.length === 0) return workload
  const parsed = lines.flatMap(({ objective }) => objective ?? [])
  const more = parsed.map(({ scenarioName, ...objective }) => {
    if (scenarioName === undefined) return objective
    const scenario = workload.scenarios.findIndex(({ name }) => name === scenarioName)
    if (scenario < 0)
      throw new UserError(`--threshold: there is no scenario ${scenarioName}`, {
        hint: `scenarios: ${workload.scenarios.map(({ name }) => name).join(', ')}`,
      })
    return { ...objective, scenario }
  })
  const known = workload.objectives.filter(({ text }) => !more.some((each) => each.text === text))
  const thresholds = [...(workload.thresholds ?? []), ...lines.flatMap(({ threshold }) => threshold ?? [])]
  return { ...workload, objectives: [...known, ...more], ...(thresholds.length > 0 ? { thresholds } : {}) }
}
