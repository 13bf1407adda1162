import type { Model, ModelInput, Scenario, Workload } from '../workload/workload.ts'
import {
  type Discrete,
  expectation,
  meanOfLargest,
  type Moments,
  momentsOf,
  momentsThrough,
  nonNegative,
  rounded,
} from './discrete.ts'
import { added, innerDemand, type InnerDemand, type ModelDemand, scaled, total } from './inner-demand.ts'
import { inputOfLoop, type LoopContext, meanTokens, outputMoments } from './loop-context.ts'
import { planned } from './planned-workload.ts'

/** What one turn of a scenario asks of the agent, the model and the tools, without any queueing. */
export interface ScenarioDemand {
  /** Share of all turns. */
  readonly turnShare: number
  readonly turnsPerSession: number
  /** Steps of the loop, cut at the agent's limit: model calls in a turn. */
  readonly depth: Discrete
  readonly calls: Moments
  /** Output tokens of one call, capped by `maxTokens`. */
  readonly outputPerCall: Moments
  readonly outputTokens: number
  readonly inputTokens: number
  readonly context: LoopContext
  readonly cachedTokens: number
  /** What a tokens-a-minute quota holds back at admission, summed over the turn's calls. */
  readonly reservedTokens: number
  readonly settledTokens: number
  /** Calls of each tool by the root loop, by its index in the workload. */
  readonly toolCalls: ReadonlyMap<number, number>
  /** What sub-agents of the turn ask for. */
  readonly inner: InnerDemand
  /** Of the root loop and its sub-agents. */
  readonly cpuMs: number
  /** Model time of one call when nothing queues (zero where an engine decides). */
  readonly modelMsPerCall: Moments
  /** Waiting that burns no CPU: prompt assembly and the two state operations. */
  readonly overheadMs: Moments
  /** Tool time of one step: the slowest of the parallel calls. */
  readonly toolMsPerStep: Moments
  /** The same for each tool, by its index. */
  readonly toolMs: ReadonlyMap<number, number>
  /** The whole turn inside its slot, nothing queueing. */
  readonly processingMs: Moments
  /** Before the turn: the mean think time, those between sessions counted in. */
  readonly thinkMs: number
  readonly model: number
}

/** The mix of all scenarios' turns. */
export interface TurnDemand {
  readonly scenarios: readonly ScenarioDemand[]
  readonly turnsPerSession: number
  readonly thinkMs: number
  readonly processingMs: Moments
  /** Of the root loop. */
  readonly callsPerTurn: Moments
  readonly cpuMs: number
  readonly toolCalls: ReadonlyMap<number, number>
  /** By model index, for one turn of the mix. */
  readonly models: readonly ModelDemand[]
  /** Of these, what root loops ask for: the time of the others is that of the tools which sub-agents are. */
  readonly rootModels: readonly ModelDemand[]
}

const known = new WeakMap<Workload, TurnDemand>()

/** What one turn demands of everything, in the mean over the turns of the workload; worked out once for each. */
export function demandOf(written: Workload): TurnDemand {
  const workload = planned(written)
  const before = known.get(workload)
  if (before) return before
  const demand = demandOfPlanned(workload)
  known.set(workload, demand)
  return demand
}

function demandOfPlanned(workload: Workload): TurnDemand {
  const turns = workload.scenarios.map((scenario) => rounded(scenario.turns, 1))
  const perSession = turns.map((each) => momentsOf(each).mean)
  const turnsPerSession = sum(workload.scenarios, (scenario, i) => scenario.share * perSession[i]!)
  const scenarios = workload.scenarios.map((scenario, i) =>
    scenarioDemand(workload, scenario, turns[i]!, (scenario.share * perSession[i]!) / turnsPerSession),
  )
  const mixed = (pick: (scenario: ScenarioDemand) => number): number =>
    sum(scenarios, (scenario) => scenario.turnShare * pick(scenario))
  const toolCalls = new Map<number, number>()
  for (const scenario of scenarios)
    for (const [tool, calls] of [...scenario.toolCalls, ...scenario.inner.toolCalls])
      toolCalls.set(tool, (toolCalls.get(tool) ?? 0) + scenario.turnShare * calls)
  const rootModels = workload.models.map((_, model) => modelDemand(scenarios, model))
  const inner = total(scenarios.map((scenario) => scaled(scenario.inner, scenario.turnShare)))
  return {
    scenarios,
    turnsPerSession,
    thinkMs: mixed((scenario) => scenario.thinkMs),
    processingMs: mixture(scenarios, (scenario) => scenario.processingMs),
    callsPerTurn: mixture(scenarios, (scenario) => scenario.calls),
    cpuMs: mixed((scenario) => scenario.cpuMs),
    toolCalls,
    rootModels,
    models: rootModels.map((root, model) => {
      const own = inner.models.get(model)
      return own ? added(root, own) : root
    }),
  }
}

function scenarioDemand(
  workload: Workload,
  scenario: Scenario,
  turns: Discrete,
  turnShare: number,
): ScenarioDemand {
  const { agent } = workload
  const model = workload.models[scenario.model]!
  const depth = rounded(scenario.depth, 1, Math.max(1, agent.limits.steps))
  const calls = momentsOf(depth)
  const turnsPerSession = momentsOf(turns).mean
  const outputPerCall = outputMoments(scenario.output, model)
  const toolSteps = calls.mean - 1
  const toolCalls = toolCallsOf(workload, scenario, toolSteps)
  const resultsPerStep = toolSteps > 0 ? sum([...toolCalls.values()], (value) => value) / toolSteps : 0
  const outputTokens = calls.mean * outputPerCall.mean
  const context = contextOf(scenario.input, turns, outputPerCall.mean, resultsPerStep)
  const inputTokens = expectation(depth, (steps) => inputOfLoop(context, steps))
  const inner = innerDemand(workload, toolCalls)
  const cpuMs =
    calls.mean * (agent.overhead.cpuPerCallMs + outputPerCall.mean * agent.overhead.cpuPerTokenMs) +
    inner.cpuMs
  const modelMsPerCall = modelTime(model, outputPerCall, agent.overhead.cpuPerTokenMs)
  const overheadMs = overheadTime(workload)
  const toolMsPerStep = toolTime(workload, scenario)
  const stepMs = add(modelMsPerCall, { mean: agent.overhead.cpuPerCallMs, variance: 0 })
  return {
    turnShare,
    turnsPerSession,
    depth,
    calls,
    outputPerCall,
    outputTokens,
    inputTokens,
    context,
    cachedTokens: inputTokens * model.cached,
    reservedTokens: inputTokens + calls.mean * (model.maxTokens ?? 0),
    settledTokens: inputTokens + outputTokens,
    toolCalls,
    inner,
    cpuMs,
    modelMsPerCall,
    overheadMs,
    toolMsPerStep,
    toolMs: new Map(scenario.tools.map((index) => [index, slowestOf(workload, index)])),
    processingMs: loopTime(calls, stepMs, toolMsPerStep, overheadMs),
    thinkMs:
      (nonNegativeMean(workload.users.think) + (turnsPerSession - 1) * nonNegativeMean(scenario.think)) /
      turnsPerSession,
    model: scenario.model,
  }
}

function toolCallsOf(workload: Workload, scenario: Scenario, toolSteps: number): Map<number, number> {
  const calls = new Map<number, number>()
  for (const tool of scenario.tools) {
    const fanOut = momentsOf(rounded(workload.tools[tool]!.fanOut, 1)).mean
    calls.set(tool, (calls.get(tool) ?? 0) + (toolSteps * fanOut) / scenario.tools.length)
  }
  return calls
}

/**
 * System, history and message with every call, and what each step adds. History grows along the conversation: turn t
 * is reached by a share P(T > t), and carries the last messages that the window lets through.
 */
function contextOf(
  input: ModelInput,
  turns: Discrete,
  outputPerCall: number,
  resultsPerStep: number,
): LoopContext {
  const message = meanTokens(input.message)
  const answers = historyDepth(turns, Math.ceil(input.historyMessages / 2))
  const questions = historyDepth(turns, Math.floor(input.historyMessages / 2))
  return {
    base: meanTokens(input.system) + message + answers * outputPerCall + questions * message,
    added: outputPerCall + resultsPerStep * meanTokens(input.toolResult),
  }
}

/** Mean of min(t, most) over the turns t of all sessions: E of Σ over t < T of min(t, most), by E of T. */
function historyDepth(turns: Discrete, most: number): number {
  const total = expectation(turns, (count) => {
    const last = count - 1
    if (last <= most) return (last * (last + 1)) / 2
    return (most * (most + 1)) / 2 + (last - most) * most
  })
  return total / momentsOf(turns).mean
}

/** First token plus the rest at the model's pace, or at the event loop's where relaying a token takes longer. */
function modelTime(model: Model, output: Moments, cpuPerTokenMs: number): Moments {
  if (model.engine) return { mean: 0, variance: 0 }
  const ttft = nonNegative(model.ttft)
  const perToken =
    cpuPerTokenMs === 0
      ? nonNegative(model.perToken)
      : momentsThrough(model.perToken, (value) => Math.max(cpuPerTokenMs, value))
  const rest = Math.max(0, output.mean - 1)
  return {
    mean: ttft.mean + rest * perToken.mean,
    variance:
      ttft.variance +
      output.variance * perToken.variance +
      output.variance * perToken.mean ** 2 +
      rest ** 2 * perToken.variance,
  }
}

function overheadTime(workload: Workload): Moments {
  const prompt = nonNegative(workload.agent.overhead.promptMs)
  const state = nonNegative(workload.agent.overhead.stateMs)
  return { mean: prompt.mean + 2 * state.mean, variance: prompt.variance + 2 * state.variance }
}

function toolTime(workload: Workload, scenario: Scenario): Moments {
  const parts = scenario.tools.map((index): Moments => {
    const tool = workload.tools[index]!
    const single = nonNegative(tool.latency)
    return { mean: slowestOf(workload, index), variance: single.variance }
  })
  if (parts.length === 0) return { mean: 0, variance: 0 }
  const mean = sum(parts, (part) => part.mean) / parts.length
  const square = sum(parts, (part) => part.variance + part.mean ** 2) / parts.length
  return { mean, variance: Math.max(0, square - mean * mean) }
}

function slowestOf(workload: Workload, index: number): number {
  const tool = workload.tools[index]!
  return expectation(rounded(tool.fanOut, 1), (count) => meanOfLargest(tool.latency, count))
}

/** A random number of steps, a tool step between each two (Wald for the mean, total variance for the spread). */
function loopTime(calls: Moments, step: Moments, tool: Moments, overhead: Moments): Moments {
  const between = calls.mean - 1
  return {
    mean: overhead.mean + calls.mean * step.mean + between * tool.mean,
    variance:
      overhead.variance +
      calls.mean * step.variance +
      between * tool.variance +
      calls.variance * (step.mean + tool.mean) ** 2,
  }
}

function modelDemand(scenarios: readonly ScenarioDemand[], model: number): ModelDemand {
  const of = (pick: (scenario: ScenarioDemand) => number): number =>
    sum(scenarios, (scenario) => (scenario.model === model ? scenario.turnShare * pick(scenario) : 0))
  return {
    calls: of((scenario) => scenario.calls.mean),
    inputTokens: of((scenario) => scenario.inputTokens),
    cachedTokens: of((scenario) => scenario.cachedTokens),
    outputTokens: of((scenario) => scenario.outputTokens),
    reservedTokens: of((scenario) => scenario.reservedTokens),
    settledTokens: of((scenario) => scenario.settledTokens),
  }
}

function mixture(scenarios: readonly ScenarioDemand[], pick: (scenario: ScenarioDemand) => Moments): Moments {
  const mean = sum(scenarios, (scenario) => scenario.turnShare * pick(scenario).mean)
  const square = sum(scenarios, (s) => s.turnShare * (pick(s).variance + pick(s).mean ** 2))
  return { mean, variance: Math.max(0, square - mean * mean) }
}

const add = (a: Moments, b: Moments): Moments => ({
  mean: a.mean + b.mean,
  variance: a.variance + b.variance,
})

const nonNegativeMean = (distribution: Scenario['think']): number => nonNegative(distribution).mean

function sum<T>(items: readonly T[], value: (item: T, index: number) => number): number {
  return items.reduce((total, item, index) => total + value(item, index), 0)
}
