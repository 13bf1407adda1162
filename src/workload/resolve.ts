import { readArrivals } from './arrivals.ts'
import type { Distribution } from '../stats/distribution.ts'
import { constant, empirical } from '../stats/distributions.ts'
import { behaviourOf } from './behaviour-schema.ts'
import { contentHash } from './content-hash.ts'
import type { Environment } from './environment.ts'
import type {
  InputSection,
  ModelSection,
  ScenarioSection,
  SubagentSection,
  WorkloadFile,
} from './file-schema.ts'
import type { Fault } from './fault.ts'
import { faultOf } from './parse-faults.ts'
import type { ParsedObjective } from './parse-objective.ts'
import type { ObjectiveLine } from './parse-objective-line.ts'
import { modelPrice } from './model-price.ts'
import { modelId, modelPreset } from './presets.ts'
import { modelQuotaOf } from './provider-quota.ts'
import { agentOf } from './resolve-agent.ts'
import { callDuration, handOffOf, phoneOf } from './resolve-phone.ts'
import { resolveTarget } from './resolve-target.ts'
import { type TokenizerName, tokenizerOfModel } from './tokenizer.ts'
import { utterances } from './utterances.ts'
import { formatDuration, minuteMs } from './units.ts'
import type { Fallback, ModelShare, Subagent } from './agent-rules.ts'
import type {
  Burst,
  Model,
  ModelInput,
  Objective,
  Origin,
  Price,
  PromptCacheRule,
  Scenario,
  Tool,
  Users,
  Workload,
} from './workload.ts'

const zero = constant(0, '0')
const one = constant(1, '1')

/** What the file does not write, spelled out: nothing, no limit, or what its preset publishes. */
export function resolve(
  file: WorkloadFile,
  origins: ReadonlyMap<string, Origin>,
  environment: Environment,
  price?: (like: string) => Price | undefined,
): Workload {
  const models = modelsOf(file, price)
  const tools = toolsOf(file, models)
  const scenarios = scenariosOf(file, models, tools)
  const content = {
    users: usersOf(file),
    scenarios,
    agent: agentOf(file),
    models,
    tools,
    ...(file.backlog ? { backlog: { items: file.backlog.items, withinMs: file.backlog.within } } : {}),
    ...(file.phone ? { phone: phoneOf(file.phone, models, onlyCalls(file)) } : {}),
    ...objectivesOf(file.objectives ?? [], scenarios),
    ...(file.faults ? { faults: faultsOf(file.faults, models, tools) } : {}),
  }
  return {
    name: file.name ?? 'workload',
    hash: contentHash({ ...content, users: spelled(content.users) }),
    ...(file.target ? { target: resolveTarget(file.target, environment) } : {}),
    ...content,
    origins,
  }
}

/** `unit: ms` and none are two spellings of one trace. */
const spelled = ({ arrivals, ...users }: Users): object => ({
  ...users,
  arrivals: arrivals && { ...arrivals, takenAsMs: undefined },
})

function modelsOf(file: WorkloadFile, price?: (like: string) => Price | undefined): Model[] {
  const sections: [string, ModelSection][] = file.models
    ? Object.entries(file.models)
    : [['model', file.model ?? {}]]
  const keys = sections.map(([key]) => key)
  return sections.map(([key, section]) => ({
    ...modelOf(key, section, price),
    ...(section.fallback ? { fallback: fallbackOf(section.fallback, keys) } : {}),
  }))
}

function toolsOf({ tools = {} }: WorkloadFile, models: readonly Model[]): Tool[] {
  const names = Object.keys(tools)
  return Object.entries(tools).map(([name, tool]) => ({
    name,
    latency: tool.latency ?? zero,
    capacity: tool.capacity ?? Infinity,
    failure: tool.failure ?? 0,
    fanOut: tool.fanOut ?? one,
    arguments: { ...tool.arguments },
    ...(tool.subagent ? { subagent: subagentOf(tool.subagent, models, names) } : {}),
  }))
}

/** Whoever is there calls by telephone; scenarios beside it are kinds of calls. */
const onlyCalls = ({ phone, users, backlog }: WorkloadFile): boolean =>
  phone !== undefined && users === undefined && backlog === undefined

/** Callers wait for the first sound, and then hang up. */
function patienceOf(file: WorkloadFile): NonNullable<WorkloadFile['users']>['patience'] {
  const after = onlyCalls(file) ? file.phone?.caller?.patience : undefined
  // oxlint-disable-next-line unicorn/no-thenable -- the file's own word; nobody awaits a workload
  return after ? { of: 'firstToken', after, then: 'leave' } : file.users?.patience
}

function arrivalsOf(file: WorkloadFile): Pick<Users, 'arrivals'> {
  const arrivals = onlyCalls(file) ? readArrivals(file.phone?.arrivals ?? 'poisson') : file.users?.arrivals
  return arrivals ? { arrivals } : {}
}

function usersOf(file: WorkloadFile): Users {
  const { users = {} } = file
  const { afterAbandon, peak = {} } = users
  const patience = patienceOf(file)
  const written = patience === undefined ? undefined : 'after' in patience ? patience : { after: patience }
  const peakToAverage = peak.peakToAverage ?? (peak.day && averageShare(peak.day) ** -1)
  return {
    think: users.think ?? zero,
    ...arrivalsOf(file),
    ...(users.behaviour ? { behaviour: behaviourOf(users.behaviour) } : {}),
    ...(written
      ? {
          patience: {
            of: written.of ?? 'turn',
            after: written.after,
            // oxlint-disable-next-line unicorn/no-thenable -- the file's own word; nobody awaits a workload
            then: written.then ?? afterAbandon ?? 'continue',
          },
        }
      : {}),
    peak: {
      ...(peak.concurrencyRatio === undefined ? {} : { concurrencyRatio: peak.concurrencyRatio }),
      ...(peakToAverage === undefined ? {} : { peakToAverage }),
      ...(peak.day ? { day: peak.day } : {}),
      ...(peak.burst ? { burst: burstOf(peak.burst) } : {}),
      ...(peak.together === undefined ? {} : { together: peak.together }),
    },
  }
}

const averageShare = (day: readonly number[]): number =>
  day.reduce((sum, share) => sum + share, 0) / day.length

function burstOf({
  tokens,
  calls,
  for: forMs,
}: NonNullable<NonNullable<NonNullable<WorkloadFile['users']>['peak']>['burst']>): Burst {
  return {
    ...(tokens === undefined ? {} : { tokensPerSecond: tokens / 60 }),
    ...(calls === undefined ? {} : { callsPerSecond: calls / 60 }),
    ...(forMs === undefined ? {} : { forMs }),
  }
}

function scenariosOf(file: WorkloadFile, models: readonly Model[], tools: readonly Tool[]): Scenario[] {
  const sections: readonly ScenarioSection[] = file.scenarios ?? [
    { name: onlyCalls(file) ? 'call' : 'default' },
  ]
  const total = sections.reduce((sum, { weight = 1 }) => sum + weight, 0)
  return sections.map((section, i) => {
    const routes = typeof section.model === 'object' ? routesOf(section.model, models) : undefined
    const model = routes?.[0]!.model ?? (section.model === undefined ? 0 : indexOf(models, section.model))
    const recorded = recordedTokens(file)
    const input = { ...models[model]!.input, ...recorded.input }
    const { output } = models[model]!
    return {
      name: section.name ?? `scenario ${i + 1}`,
      share: (section.weight ?? 1) / total,
      ...saidBy(section, file),
      ...(section.script === undefined ? {} : { script: section.script }),
      think: section.think ?? file.users?.think ?? zero,
      depth: section.depth ?? one,
      tools: (section.tools ?? []).map((name) => tools.findIndex((tool) => tool.name === name)),
      model,
      ...(routes ? { routes } : {}),
      ...(section.priority === undefined ? {} : { priority: section.priority }),
      input: section.input ? { ...inputOf(section.input, input), ...recorded.input } : input,
      output: recorded.output ?? section.output ?? output,
      ...(section.expect ? { expect: expectationOf(section.expect) } : {}),
      ...(section.handOff ? { handOff: handOffOf(section.handOff) } : {}),
    }
  })
}

/** Recorded conversations also say how many turns there are, unless the file does. */
function saidBy(
  section: ScenarioSection,
  file: WorkloadFile,
): Pick<Scenario, 'say' | 'turns' | 'turnsPerMinute' | 'conversations'> {
  const turns = section.turns ?? file.users?.turns
  const say = section.say ?? (onlyCalls(file) ? utterances.map(({ text }) => text) : 'Hello')
  if (typeof say === 'string') return { say: [say], ...(turns ? { turns } : turnsOfCalls(file)) }
  if (!('conversations' in say)) return { say, ...(turns ? { turns } : turnsOfCalls(file)) }
  const { conversations: texts } = say
  return {
    say: texts[0]!,
    turns: turns ?? turnsOf(texts),
    conversations: { texts, decideTurns: turns === undefined },
  }
}

/** A call has as many turns as its length asks for; whoever writes has one where the file says nothing. */
function turnsOfCalls(file: WorkloadFile): Pick<Scenario, 'turns' | 'turnsPerMinute'> {
  const turnsPerMinute = onlyCalls(file) ? file.phone?.turns : undefined
  if (turnsPerMinute === undefined) return { turns: one }
  const turns = Math.max(1, (callDuration(file.phone!).mean / minuteMs) * turnsPerMinute)
  return { turns: constant(turns, `${turns} a call`), turnsPerMinute }
}

function turnsOf(texts: readonly (readonly string[])[]): Distribution {
  const points = texts.map(({ length }) => ({ value: length, share: 1 }))
  return empirical(points, `as in ${texts.length} conversations`)
}

const indexOf = (models: readonly Model[], key: unknown): number =>
  models.findIndex((model) => model.key === key)

function routesOf(shares: Readonly<Record<string, number>>, models: readonly Model[]): ModelShare[] {
  return Object.entries(shares)
    .filter(([, share]) => share > 0)
    .map(([key, share]) => ({ model: indexOf(models, key), share }))
}

function fallbackOf({ to, when }: NonNullable<ModelSection['fallback']>, keys: readonly string[]): Fallback {
  return { to: keys.indexOf(to), when: when ?? 'refused' }
}

function subagentOf(section: SubagentSection, models: readonly Model[], tools: readonly string[]): Subagent {
  const index = section.model === undefined ? 0 : indexOf(models, section.model)
  const model = models[index]!
  return {
    depth: section.depth ?? one,
    model: index,
    tools: (section.tools ?? []).map((name) => tools.indexOf(name)),
    input: section.input ? inputOf(section.input, model.input) : { ...model.input, historyMessages: 0 },
    output: section.output ?? model.output,
  }
}

/** What a trace of arrivals holds stands for what the file says of messages and answers: sessions carry their rows. */
function recordedTokens({ users }: WorkloadFile): {
  input?: Pick<ModelInput, 'message'>
  output?: Distribution
} {
  const arrivals = users?.arrivals
  if (arrivals?.kind !== 'trace') return {}
  const { inputTokens, outputTokens, text } = arrivals
  const law = (tokens: readonly number[], of: string): Distribution =>
    empirical(
      tokens.map((value) => ({ value, share: 1 })),
      `${of} of ${text}`,
    )
  return {
    ...(inputTokens ? { input: { message: law(inputTokens, 'input') } } : {}),
    ...(outputTokens ? { output: law(outputTokens, 'output') } : {}),
  }
}

function expectationOf(expect: NonNullable<ScenarioSection['expect']>): NonNullable<Scenario['expect']> {
  return {
    ...(expect.status === undefined ? {} : { status: expect.status }),
    ...(expect.contains === undefined ? {} : { contains: expect.contains }),
    ...(expect.under === undefined ? {} : { underMs: expect.under }),
    ...(expect.completes === undefined ? {} : { completes: [expect.completes].flat() }),
    ...(expect.escalates === undefined ? {} : { escalates: [expect.escalates].flat() }),
  }
}

const noInput: ModelInput = { system: zero, message: zero, toolResult: zero, historyMessages: 0 }

function inputOf(section: InputSection, otherwise: ModelInput): ModelInput {
  return {
    system: section.system ?? otherwise.system,
    message: section.message ?? otherwise.message,
    toolResult: section.toolResult ?? otherwise.toolResult,
    historyMessages: section.history ?? otherwise.historyMessages,
  }
}

function modelOf(key: string, section: ModelSection, price?: (like: string) => Price | undefined): Model {
  const { like, quota, engine } = section
  const pace = like === undefined ? undefined : modelPreset(like)?.tokensPerSecond
  const presetPace = pace === undefined || engine ? zero : paceOf(pace)
  const cost = modelPrice(section.price, like === undefined ? undefined : price?.(like))
  const id = modelId(key, section)
  const output = section.output ?? zero
  return {
    key,
    id,
    ...(like === undefined ? {} : { like }),
    tokenizer: section.tokenizer ?? tokenizerOf(id, like),
    input: section.input ? inputOf(section.input, noInput) : noInput,
    output,
    ...(section.maxTokens === undefined ? {} : { maxTokens: section.maxTokens }),
    ...(section.context === undefined ? {} : { contextTokens: section.context }),
    cached: section.cached ?? 0,
    ...(section.promptCache ? { promptCache: promptCacheOf(section.promptCache) } : {}),
    ttft: section.ttft ?? zero,
    perToken: section.perToken ?? presetPace,
    tokensPerChunk: section.tokensPerChunk ?? one,
    ...(quota ? { quota: modelQuotaOf(quota, { id, outputTokens: output.mean }) } : {}),
    ...(engine
      ? {
          engine: {
            stepMs: engine.step,
            decodeMs: engine.decode ?? 0,
            prefillMs: engine.prefill ?? 0,
            slots: engine.slots ?? Infinity,
            ...(engine.kv === undefined ? {} : { kvTokens: engine.kv }),
          },
        }
      : {}),
    ...(cost ? { price: cost } : {}),
    ...(section.price?.unit === undefined ? {} : { unitPerMonthUsd: section.price.unit }),
  }
}

/** A deployment may have a name of its own. */
function tokenizerOf(id: string, like: string | undefined): TokenizerName {
  const named = tokenizerOfModel(id)
  return named === 'characters' && like !== undefined ? tokenizerOfModel(like) : named
}

/** OpenAI's, as it documents them. */
const usualPromptCache: PromptCacheRule = { keepMs: 300_000, leastTokens: 1024, stepTokens: 128 }

function promptCacheOf({ keep, from, step }: NonNullable<ModelSection['promptCache']>): PromptCacheRule {
  const { keepMs, leastTokens, stepTokens } = usualPromptCache
  return { keepMs: keep ?? keepMs, leastTokens: from ?? leastTokens, stepTokens: step ?? stepTokens }
}

function paceOf(tokensPerSecond: number): Distribution {
  const perTokenMs = Number((1000 / tokensPerSecond).toPrecision(4))
  return constant(perTokenMs, formatDuration(perTokenMs))
}

function faultsOf(
  sections: NonNullable<WorkloadFile['faults']>,
  models: readonly Model[],
  tools: readonly Tool[],
): Fault[] {
  const targets = { models: models.map(({ key }) => key), tools: tools.map(({ name }) => name) }
  return sections.map((section) => faultOf(section, targets))
}

function objectivesOf(
  lines: readonly ObjectiveLine[],
  scenarios: readonly Scenario[],
): Pick<Workload, 'objectives' | 'thresholds'> {
  const isScripted = scenarios.some(({ script }) => script !== undefined)
  const thresholds = lines.flatMap(({ threshold }) => threshold ?? [])
  return {
    objectives: lines.flatMap(({ objective, threshold }) =>
      objective && !(threshold && isScripted) ? [objectiveOf(objective, scenarios)] : [],
    ),
    ...(thresholds.length > 0 ? { thresholds } : {}),
  }
}

function objectiveOf(
  { scenarioName, ...objective }: ParsedObjective,
  scenarios: readonly Scenario[],
): Objective {
  if (scenarioName === undefined) return objective
  return { ...objective, scenario: scenarios.findIndex(({ name }) => name === scenarioName) }
}
