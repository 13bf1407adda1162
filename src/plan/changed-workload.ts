import type { Distribution } from '../stats/distribution.ts'
import { scaled } from '../stats/distributions.ts'
import type { Model, Scenario, Workload } from '../workload/workload.ts'
import { scaledText } from './file-words.ts'

/** The workload with one model changed, by its index. */
export function withModel(workload: Workload, index: number, change: Partial<Model>): Workload {
  return {
    ...workload,
    models: workload.models.map((model, i) => (i === index ? { ...model, ...change } : model)),
  }
}

/** The workload with the agent changed. */
export function withAgent(workload: Workload, change: Partial<Workload['agent']>): Workload {
  return { ...workload, agent: { ...workload.agent, ...change } }
}

/** The workload with every scenario changed. */
export function withScenarios(workload: Workload, change: (scenario: Scenario) => Scenario): Workload {
  return { ...workload, scenarios: workload.scenarios.map(change) }
}

/** The distribution with every draw scaled, and its words in the file scaled along. */
export function scaledBy(distribution: Distribution, factor: number): Distribution {
  return scaled(distribution, factor, scaledText(distribution, factor))
}
