import { metrics } from '../../workload/metrics.ts'
import { turnRangeText } from '../../workload/objective-tags.ts'
import type { Objective, Workload } from '../../workload/workload.ts'
import type { Capacity } from '../capacity.ts'
import { formatCount, metricText } from '../figure-text.ts'
import type { VerdictLine } from '../run.ts'

/** `model quota, 450k tokens/min`, `agent slots, 100 turns at once`. */
export function limitText({ service, limit, unit }: NonNullable<Capacity['bottleneck']>): string {
  const of = unit === 'turns' || unit === 'calls' ? `${unit} at once` : unit
  const counted = limit === 1 ? of.replace(/^(turn|call|core)s/, '$1') : of
  return `${service.replace(/, (tokens|requests)$/, '')}, ${formatCount(limit)} ${counted}`
}

/** A service where its limit is not known: `model quota, requests/min`. */
export function serviceText(service: string): string {
  return service.replace(/, (tokens|requests)$/, ', $1/min')
}

/** What it means that an objective is missed: `turn p95 passes 10 s`, `errors pass 1 %`. */
export function missText(workload: Workload, text: string): string {
  const objective = workload.objectives.find((each) => each.text === text)
  if (!objective) return `${text} is missed`
  const scenario = objective.scenario === undefined ? undefined : workload.scenarios[objective.scenario]
  const of = `${scenario ? ` of ${scenario.name}` : ''}${turnsText(objective)}`
  const { unit, better } = metrics[objective.metric]
  const limit = metricText(unit, objective.limit)
  if (better === 'higher') return `${objective.metric}${of} falls below ${limit}`
  if (objective.metric === 'errors') return `errors${of} pass ${limit}`
  return `${statisticText(objective)}${of} passes ${limit}`
}

/** ` in turn 1`, ` in turns 4-7`; nothing where all turns are meant. */
function turnsText({ turns }: Objective): string {
  if (!turns) return ''
  return ` in ${turns.first === turns.last ? 'turn' : 'turns'} ${turnRangeText(turns)}`
}

/** As the file says it: `response` is another word for ttft. */
const metricWord = ({ metric, text }: Objective): string =>
  metric === 'ttft' && /\bresponse\b/.test(text) ? 'response' : metric

function statisticText(objective: Objective): string {
  const { statistic } = objective
  const metric = metricWord(objective)
  if (statistic.kind === 'percentile') return `${metric} p${Number((statistic.share * 100).toPrecision(6))}`
  return statistic.kind === 'mean' ? `mean ${metric}` : metric
}

const fieldWords: Readonly<Record<string, string>> = {
  'users.think': 'think time',
  'users.turns': 'turns a session',
  'scenarios.depth': 'loop depth',
  depth: 'loop depth',
  turns: 'turns a session',
  think: 'think time',
  cached: 'the cached share of the input',
  'price.input': 'the price of input',
  'price.cached': 'the price of cached input',
  'price.output': 'the price of output',
  'agent.workers': 'the number of workers',
  'agent.concurrency': 'turns at once in a worker',
  'agent.overhead.prompt': 'the time to build a prompt',
  'agent.overhead.state': 'the time to load and save state',
  'agent.overhead.cpuPerCall': 'CPU for each model call',
  'agent.overhead.cpuPerToken': 'CPU for each token',
  'input.system': 'the length of the system prompt',
  'input.message': 'the length of messages',
  'input.toolResult': 'the length of tool results',
  output: 'output length',
  maxTokens: 'max_tokens',
  ttft: 'time to first token',
  perToken: 'time per token',
  'quota.rpm': 'the requests/min quota',
  'quota.tpm': 'the tokens/min quota',
  'quota.itpm': 'the input tokens/min quota',
  'quota.otpm': 'the output tokens/min quota',
  'quota.ptu': 'the PTU of the quota',
  'quota.gsu': 'the GSU of the quota',
  'engine.step': "the engine's step time",
  'engine.decode': "the engine's decode time",
  'engine.prefill': "the engine's prefill time",
  latency: 'the latency',
  capacity: 'the capacity',
}

/** A field of the file in words: `output length`, `the latency of orders`; its path where there are none. */
export function fieldText(path: string): string {
  const [, scenario, ofScenario = ''] =
    /^scenarios\.(.+)\.(depth|turns|think|output|input\.\w+)$/.exec(path) ?? []
  const own = fieldWords[path] ?? fieldWords[ofScenario]
  if (own) return scenario === undefined ? own : `${own} of ${scenario}`
  const [, , key, field = ''] = /^(model|models|tools)(?:(?<=s)\.([^.]+))?\.(.+)$/.exec(path) ?? []
  const words = fieldWords[field]
  if (!words) return path
  return key === undefined ? words : `${words} of ${key}`
}

/** The lines that have something to say. */
export function toldLines(
  lines: readonly (readonly [label: string, text: string | undefined])[],
): VerdictLine[] {
  return lines.flatMap(([label, text]) => (text === undefined ? [] : [{ label, text }]))
}

/** `a`, `a and b`, `a, b and c`. */
export function listText(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}
