import type { Sensitivity } from '../result/capacity.ts'
import type { Distribution } from '../stats/distribution.ts'
import { empirical } from '../stats/distributions.ts'
import { quotaLimits, quotaNumbers, requoted } from '../workload/provider-quota.ts'
import type { Scenario, Workload } from '../workload/workload.ts'
import { rounded } from './discrete.ts'
import { scaledBy, withAgent, withModel } from './changed-workload.ts'
import { modelPath } from './file-words.ts'

/** An input of the file that can be moved, and the workload with it scaled. */
export interface Input {
  readonly field: string
  readonly scale: (factor: number) => Workload
}

const step = 0.1

/** Elasticity of the capacity for each numeric input, between 10 % less and 10 % more of it; strongest first. */
export function sensitivityOf(workload: Workload, capacity: (workload: Workload) => number): Sensitivity[] {
  const slope = Math.log((1 + step) / (1 - step))
  return inputsOf(workload)
    .map(({ field, scale }) => {
      const less = capacity(scale(1 - step))
      const more = capacity(scale(1 + step))
      const elasticity = less > 0 && more > 0 ? Math.log(more / less) / slope : 0
      return { field, origin: originOf(workload, field), elasticity }
    })
    .filter(({ elasticity }) => Math.abs(elasticity) > 0.005)
    .sort((a, b) => Math.abs(b.elasticity) - Math.abs(a.elasticity))
}

/** The origin written for the field, for its nearest parent, or *given*: what is in the file was given. */
function originOf(workload: Workload, field: string): string {
  for (let path = field; path !== ''; path = path.slice(0, Math.max(0, path.lastIndexOf('.')))) {
    const origin = workload.origins.get(path)
    if (origin) return origin
  }
  return 'given'
}

function inputsOf(workload: Workload): Input[] {
  return [
    ...userInputs(workload),
    ...scenarioInputs(workload),
    ...agentInputs(workload),
    ...modelInputs(workload),
    ...toolInputs(workload),
  ]
}

function userInputs(workload: Workload): Input[] {
  const { users } = workload
  const think: Input = {
    field: 'users.think',
    scale: (factor) => ({
      ...workload,
      users: { ...users, think: scaledBy(users.think, factor) },
      scenarios: workload.scenarios.map((scenario) => ({
        ...scenario,
        think: scaledBy(scenario.think, factor),
      })),
    }),
  }
  return [think]
}

function scenarioInputs(workload: Workload): Input[] {
  const each = (field: string, change: (scenario: Scenario, factor: number) => Partial<Scenario>): Input => ({
    field,
    scale: (factor) => ({
      ...workload,
      scenarios: workload.scenarios.map((scenario) => ({ ...scenario, ...change(scenario, factor) })),
    }),
  })
  const input = (field: 'system' | 'message' | 'toolResult'): Input =>
    each(`model.input.${field}`, (scenario, factor) => ({
      input: { ...scenario.input, [field]: scaledBy(scenario.input[field], factor) },
    }))
  return [
    each('model.output', ({ output }, factor) => ({ output: scaledBy(output, factor) })),
    input('system'),
    input('message'),
    input('toolResult'),
    each('scenarios.depth', ({ depth }, factor) => ({ depth: stretched(depth, factor) })),
    each('users.turns', ({ turns }, factor) => ({ turns: stretched(turns, factor) })),
  ]
}

/** A whole-numbered distribution whose mean is scaled: each value is split over the two whole numbers around it. */
function stretched(distribution: Distribution, factor: number): Distribution {
  const { from, at } = rounded(distribution, 1)
  const points = at.flatMap((share, i) => {
    const value = Math.max(1, (from + i) * factor)
    const whole = Math.floor(value)
    return [
      { value: whole, share: share * (1 - (value - whole)) },
      { value: whole + 1, share: share * (value - whole) },
    ]
  })
  return empirical(points, `${factor} × ${String(distribution)}`)
}

function agentInputs(workload: Workload): Input[] {
  const { agent } = workload
  const { overhead } = agent
  const inputs: Input[] = []
  const add = (
    field: string,
    value: number,
    change: (factor: number) => Partial<Workload['agent']>,
  ): void => {
    if (value > 0 && Number.isFinite(value))
      inputs.push({ field, scale: (factor) => withAgent(workload, change(factor)) })
  }
  add('agent.workers', agent.workers, (factor) => ({ workers: agent.workers * factor }))
  if (agent.concurrency > 1)
    add('agent.concurrency', agent.concurrency, (factor) => ({ concurrency: agent.concurrency * factor }))
  add('agent.overhead.prompt', overhead.promptMs.mean, (factor) => ({
    overhead: { ...overhead, promptMs: scaledBy(overhead.promptMs, factor) },
  }))
  add('agent.overhead.state', overhead.stateMs.mean, (factor) => ({
    overhead: { ...overhead, stateMs: scaledBy(overhead.stateMs, factor) },
  }))
  add('agent.overhead.cpuPerCall', overhead.cpuPerCallMs, (factor) => ({
    overhead: { ...overhead, cpuPerCallMs: overhead.cpuPerCallMs * factor },
  }))
  add('agent.overhead.cpuPerToken', overhead.cpuPerTokenMs, (factor) => ({
    overhead: { ...overhead, cpuPerTokenMs: overhead.cpuPerTokenMs * factor },
  }))
  return inputs
}

/** Numbers of a provider's quota that are often assumed. */
const unpublished = ['depth', 'expectedOutput', 'window'] as const

function modelInputs(workload: Workload): Input[] {
  return workload.models.flatMap((model, index): Input[] => {
    const path = modelPath(workload, model)
    const inputs: Input[] = []
    const add = (
      field: string,
      value: number,
      change: (factor: number) => Parameters<typeof withModel>[2],
    ): void => {
      if (value > 0 && Number.isFinite(value))
        inputs.push({
          field: `${path}.${field}`,
          scale: (factor) => withModel(workload, index, change(factor)),
        })
    }
    const { quota, engine } = model
    if (!engine) {
      add('ttft', model.ttft.mean, (factor) => ({ ttft: scaledBy(model.ttft, factor) }))
      add('perToken', model.perToken.mean, (factor) => ({ perToken: scaledBy(model.perToken, factor) }))
    }
    if (quota)
      for (const { key, amount } of quotaLimits(quota))
        add(`quota.${key}`, amount, (factor) => ({ quota: requoted(quota, { [key]: amount * factor }) }))
    if (quota)
      for (const key of unpublished) {
        const amount = quotaNumbers(quota)[key] ?? 0
        add(`quota.${key}`, amount, (factor) => ({ quota: requoted(quota, { [key]: amount * factor }) }))
      }
    if (engine)
      for (const field of ['stepMs', 'decodeMs', 'prefillMs'] as const)
        add(`engine.${field.slice(0, -2)}`, engine[field], (factor) => ({
          engine: { ...engine, [field]: engine[field] * factor },
        }))
    if (model.maxTokens !== undefined)
      add('maxTokens', model.maxTokens, (factor) => ({ maxTokens: Math.round(model.maxTokens! * factor) }))
    return inputs
  })
}

function toolInputs(workload: Workload): Input[] {
  return workload.tools.flatMap((tool, index): Input[] => {
    const change = (field: string, with_: (factor: number) => Partial<typeof tool>): Input => ({
      field: `tools.${tool.name}.${field}`,
      scale: (factor) => ({
        ...workload,
        tools: workload.tools.map((each, i) => (i === index ? { ...each, ...with_(factor) } : each)),
      }),
    })
    const inputs = [change('latency', (factor) => ({ latency: scaledBy(tool.latency, factor) }))]
    if (Number.isFinite(tool.capacity))
      inputs.push(change('capacity', (factor) => ({ capacity: tool.capacity * factor })))
    return inputs
  })
}
