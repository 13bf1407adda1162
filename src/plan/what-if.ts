import type { Advice } from '../result/capacity.ts'
import type { Distribution } from '../stats/distribution.ts'
import { scaled } from '../stats/distributions.ts'
import { favoursCache, quotaLimits, requoted, reservedUnsaid } from '../workload/provider-quota.ts'
import type { Model, Scenario, Workload } from '../workload/workload.ts'
import { rounded, momentsOf } from './discrete.ts'
import { countText, scaledText } from './file-words.ts'

/** A copy of the workload with one thing changed, and how to say so. */
export interface Change {
  readonly text: string
  readonly change: Advice['change']
  readonly workload: Workload
}

/** Every change that the plan tries; those that do not apply to this workload are left out. */
export function changesOf(workload: Workload): Change[] {
  return [
    ...agentChanges(workload),
    ...workload.models.flatMap((model, index) => modelChanges(workload, model, index)),
    ...loopChanges(workload),
    ...toolChanges(workload),
  ]
}

function agentChanges(workload: Workload): Change[] {
  const { workers, concurrency } = workload.agent
  const changes: Change[] = []
  if (Number.isFinite(workers))
    changes.push({
      text: `run ${workers * 2} workers instead of ${workers}`,
      change: { field: 'agent.workers', from: String(workers), to: String(workers * 2) },
      workload: withAgent(workload, { workers: workers * 2 }),
    })
  if (Number.isFinite(concurrency)) {
    const to = concurrency === 1 ? 20 : concurrency * 2
    changes.push({
      text:
        concurrency === 1
          ? `make the workers asynchronous, ${to} turns at once each`
          : `let each worker hold ${to} turns at once`,
      change: { field: 'agent.concurrency', from: String(concurrency), to: String(to) },
      workload: withAgent(workload, { concurrency: to }),
    })
  }
  return changes
}

function modelChanges(workload: Workload, model: Model, index: number): Change[] {
  const path = modelPath(workload, model)
  const changes: Change[] = []
  const tell = (text: string, field: string, from: string, to: string, changed: Workload): void => {
    changes.push({ text, change: { field: `${path}.${field}`, from, to }, workload: changed })
  }
  const { quota, maxTokens } = model
  for (const { key, amount, unit } of quota ? quotaLimits(quota) : [])
    tell(
      `raise the quota to ${countText(amount * 2)} ${unit}`,
      `quota.${key}`,
      countText(amount),
      countText(amount * 2),
      withModel(workload, index, { quota: requoted(quota!, { [key]: amount * 2 }) }),
    )
  if (maxTokens !== undefined && maxTokens > 1) {
    const to = Math.round(maxTokens / 2)
    tell(
      `halve max_tokens to ${to}`,
      'maxTokens',
      countText(maxTokens),
      countText(to),
      withModel(workload, index, { maxTokens: to }),
    )
  }
  const unsaid = quota && maxTokens === undefined ? reservedUnsaid(quota) : 0
  const longest = Math.max(1, Math.ceil(model.output.quantile(0.999)))
  if (unsaid > longest)
    tell(
      `say max_tokens ${longest}, since the quota reserves ${countText(unsaid)} where it is unsaid`,
      'maxTokens',
      'unsaid',
      countText(longest),
      withModel(workload, index, { maxTokens: longest }),
    )
  if ((model.engine || (quota && favoursCache(quota))) && model.cached < 0.9) {
    const to = Math.min(0.95, model.cached + 0.3)
    tell(
      `serve ${Math.round(to * 100)} % of the input from the prompt cache`,
      'cached',
      shareText(model.cached),
      shareText(to),
      withModel(workload, index, { cached: to }),
    )
  }
  if (model.engine && Number.isFinite(model.engine.slots)) {
    const engine = { ...model.engine, slots: model.engine.slots * 2 }
    tell(
      `let the engine run ${engine.slots} calls at once`,
      'engine.slots',
      countText(model.engine.slots),
      countText(engine.slots),
      withModel(workload, index, { engine }),
    )
  }
  if (!model.engine) {
    const ttft = scaledBy(model.ttft, 0.75)
    const perToken = scaledBy(model.perToken, 0.75)
    const field = model.perToken.mean * model.output.mean > model.ttft.mean ? 'perToken' : 'ttft'
    const was = model[field]
    tell(
      'use a model that answers 25 % faster',
      field,
      String(was),
      String(field === 'ttft' ? ttft : perToken),
      withModel(workload, index, { ttft, perToken }),
    )
  }
  return [...changes, ...outputChange(workload, index, path)]
}

function outputChange(workload: Workload, index: number, path: string): Change[] {
  const own = workload.models[index]!.output
  if (own.mean <= 1) return []
  const output = scaledBy(own, 0.75)
  const shorter = (scenario: Scenario): Scenario =>
    scenario.model === index ? { ...scenario, output: scaledBy(scenario.output, 0.75) } : scenario
  return [
    {
      text: 'ask for answers a quarter shorter',
      change: { field: `${path}.output`, from: String(own), to: String(output) },
      workload: { ...withModel(workload, index, { output }), scenarios: workload.scenarios.map(shorter) },
    },
  ]
}

function loopChanges(workload: Workload): Change[] {
  const changes: Change[] = []
  const depth = workload.scenarios.reduce(
    (sum, { share, depth }) => sum + share * momentsOf(rounded(depth, 1)).mean,
    0,
  )
  if (depth > 1.0001) {
    const scenarios = workload.scenarios.map((scenario) => ({ ...scenario, depth: oneFewer(scenario.depth) }))
    const to = scenarios.reduce((sum, { share, depth }) => sum + share * momentsOf(rounded(depth, 1)).mean, 0)
    changes.push({
      text: 'answer with one model call fewer a turn',
      change: { field: 'scenarios.depth', from: `mean ${round(depth)}`, to: `mean ${round(to)}` },
      workload: { ...workload, scenarios },
    })
  }
  const longest = Math.max(...workload.scenarios.map(({ input }) => input.historyMessages))
  if (longest > 1) {
    const half = (messages: number): number => (Number.isFinite(messages) ? Math.floor(messages / 2) : 6)
    const scenarios = workload.scenarios.map((scenario) => ({
      ...scenario,
      input: { ...scenario.input, historyMessages: half(scenario.input.historyMessages) },
    }))
    changes.push({
      text: `send the last ${half(longest)} messages instead of ${Number.isFinite(longest) ? longest : 'all'}`,
      change: {
        field: 'model.input.history',
        from: Number.isFinite(longest) ? `window(${longest})` : 'all',
        to: `window(${half(longest)})`,
      },
      workload: { ...workload, scenarios },
    })
  }
  return changes
}

function toolChanges(workload: Workload): Change[] {
  return workload.tools.flatMap((tool, index): Change[] => {
    if (!Number.isFinite(tool.capacity)) return []
    const capacity = tool.capacity * 2
    return [
      {
        text: `let ${tool.name} take ${capacity} calls at once`,
        change: { field: `tools.${tool.name}.capacity`, from: String(tool.capacity), to: String(capacity) },
        workload: {
          ...workload,
          tools: workload.tools.map((each, i) => (i === index ? { ...each, capacity } : each)),
        },
      },
    ]
  })
}

/** `model`, or `models.<key>` where the file has several. */
export function modelPath(workload: Workload, model: Model): string {
  return workload.models.length === 1 && model.key === 'model' ? 'model' : `models.${model.key}`
}

export function withModel(workload: Workload, index: number, change: Partial<Model>): Workload {
  return {
    ...workload,
    models: workload.models.map((model, i) => (i === index ? { ...model, ...change } : model)),
  }
}

export function withAgent(workload: Workload, change: Partial<Workload['agent']>): Workload {
  return { ...workload, agent: { ...workload.agent, ...change } }
}

/** The distribution with every draw scaled, and its words in the file scaled along. */
export function scaledBy(distribution: Distribution, factor: number): Distribution {
  return scaled(distribution, factor, scaledText(distribution, factor))
}

function oneFewer(depth: Distribution): Distribution {
  const { from, at } = rounded(depth, 1)
  const mean = at.reduce((sum, share, i) => sum + share * Math.max(1, from + i - 1), 0)
  return {
    mean,
    variance: at.reduce((sum, share, i) => sum + share * (Math.max(1, from + i - 1) - mean) ** 2, 0),
    quantile: (p) => Math.max(1, Math.round(depth.quantile(p)) - 1),
    toString: () => `one fewer than ${String(depth)}`,
  }
}

const shareText = (share: number): string => `${round(share * 100)}%`
const round = (value: number): number => Number(value.toPrecision(3))
