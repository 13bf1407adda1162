import type { Advice, Capacity } from '../result/capacity.ts'
import { formatCount, formatMs } from '../result/figure-text.ts'
import { fieldText } from '../result/verdict/words.ts'
import { isSolved } from '../workload/metrics.ts'
import type { Objective, Workload } from '../workload/workload.ts'

/** What it means for people that an objective is missed: `more than 5 in 100 answers take longer than 10 s`. */
export function missedWords(workload: Workload, text: string | undefined): string {
  const objective = workload.objectives.find((each) => each.text === text)
  if (!objective) return 'the aims of the file are missed'
  const scenario = objective.scenario === undefined ? undefined : workload.scenarios[objective.scenario]
  return `${missWords(objective)}${scenario ? ` in conversations of the kind "${scenario.name}"` : ''}`
}

function missWords({ metric, statistic, limit, text }: Objective): string {
  if (metric === 'errors') return `more than ${frequency(limit)} messages get no answer`
  // The page in plain words is of the algebra, which knows no other metric.
  if (!isSolved(metric)) return `${text} is missed`
  const ms = formatMs(limit)
  const { late, lateOnAverage } = {
    turn: { late: `take longer than ${ms}`, lateOnAverage: `an answer takes longer than ${ms}` },
    ttft: { late: `begin later than after ${ms}`, lateOnAverage: `an answer begins later than after ${ms}` },
    itl: { late: `pause longer than ${ms} between words`, lateOnAverage: `words come more than ${ms} apart` },
  }[metric]
  return statistic.kind === 'percentile'
    ? `more than ${frequency(1 - statistic.share)} answers ${late}`
    : `${lateOnAverage} on average`
}

/** `5 in 100`, `1 in 1,000`. */
function frequency(share: number): string {
  if (share <= 0) return '0'
  return share < 0.00995
    ? `1 in ${formatCount(Math.round(1 / share))}`
    : `${Number((share * 100).toPrecision(3))} in 100`
}

/** What is full, for someone who has never seen the file. */
export function limitWords({ service, limit, unit }: NonNullable<Capacity['bottleneck']>): string {
  const count = formatCount(limit)
  if (/ quota, /.test(service))
    return `the allowance of the model's provider, ${count} ${unit.replace(/\/min$/, ' a minute')}`
  if (service === 'agent slots') return `the server works on ${count} messages at once, and no more`
  if (service === 'event loop') return `the processors of the server, ${count} of them`
  if (service.endsWith(' engine')) return `your own model server, ${count} requests at once`
  return `${service}, which takes ${count} requests at once`
}

/** Money changes hands for these; all other changes are work or settings. */
export function isBought({ change: { field } }: Advice): boolean {
  return /^agent\.workers$|\.quota(?:\.|$)|\.slots$|^tools\..+\.capacity$/.test(field)
}

const quotaUnits: Readonly<Record<string, string>> = {
  tpm: ' tokens a minute',
  rpm: ' requests a minute',
  itpm: ' input tokens a minute',
  otpm: ' output tokens a minute',
}

/** A change as one would ask a colleague for it. */
export function adviceWords({ text, change: { field, from, to } }: Advice): string {
  const quota = /\.quota\.([^.]+)$/.exec(field)?.[1]
  const tool = /^tools\.(.+)\.capacity$/.exec(field)?.[1]
  if (quota !== undefined)
    return `a larger allowance from the model's provider: ${to}${quotaUnits[quota] ?? ` ${quota.toUpperCase()}`} instead of ${from}`
  if (field.endsWith('.quota')) return 'as much allowance again, from a second provider or region'
  if (tool !== undefined) return `more of ${tool}: ${to} requests at once instead of ${from}`
  if (field === 'agent.workers') return `room for ${to} workers on the server instead of ${from}`
  if (field === 'agent.concurrency')
    return `let each worker of the server handle ${to} messages at once instead of ${from}`
  return settingWords[field.replace(/^models?\.(?:.+\.)?(?=[a-zA-Z]+(?:\.[a-z]+)?$)/, '')] ?? text
}

const settingWords: Readonly<Record<string, string>> = {
  depth: 'ask the model one time fewer for each message',
  'scenarios.depth': 'ask the model one time fewer for each message',
  history: 'send less of the earlier conversation to the model',
  'input.history': 'send less of the earlier conversation to the model',
  output: 'make answers a quarter shorter',
  ttft: 'use a model that answers a quarter faster',
  perToken: 'use a model that answers a quarter faster',
  maxTokens: 'set aside less of the allowance for each answer',
  cached: 'let the model remember more of what it reads again and again',
  'agent.retries.attempts': 'ask the model again when it refuses',
  'agent.overhead.cpuPerToken': 'send answers on in larger pieces',
  objectives: 'promise when answers begin to show rather than when they end',
  'users.peak.peakToAverage': 'spread the busiest time over more hours',
  'engine.slots': 'let your own model server take more requests at once',
}

const inputWords: Readonly<Record<string, string>> = {
  'users.think': 'how long people pause between messages',
  'users.turns': 'how many messages a conversation has',
  'scenarios.depth': 'how often the model is asked for one message',
  'agent.workers': 'how many workers the server has',
  'agent.concurrency': 'how many messages a worker handles at once',
  'input.system': 'how long the standing instructions to the model are',
  'input.message': 'how long messages are',
  'input.toolResult': 'how much text look-ups bring back',
  output: 'how long answers are',
  ttft: 'how soon the model begins to answer',
  perToken: 'how fast the model writes',
}

/** An input of the file in words. */
export function inputInWords(field: string): string {
  const short = field.replace(/^model\.|^models\.[^.]+\./, '')
  if (short.startsWith('quota.')) return "the allowance of the model's provider"
  return inputWords[field] ?? inputWords[short] ?? fieldText(field)
}
