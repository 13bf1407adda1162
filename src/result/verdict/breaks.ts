import { levelValue } from '../../workload/level.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Capacity, ProbeResult } from '../capacity.ts'
import { formatCount, formatMs, formatShare } from '../figure-text.ts'
import { fullEnough } from '../full-enough.ts'
import type { Summary } from '../summary.ts'
import { isBroken } from './headline.ts'
import { loadText } from '../load-words.ts'
import { limitText, listText, missText, serviceText } from './words.ts'

/** Less used than this, how full it is must be said. */
const nearlyFull = 0.9
/** Within this of the capacity, lifting the first limit buys next to nothing. */
const closeBehind = 1.05
/** Rarer than this is not worth a word. */
const worthSaying = 0.001

/** The service at its limit, what happens there, and the objectives that it breaks. */
export function breaksFirst(workload: Workload, capacity: Capacity): string | undefined {
  if (!isBroken(capacity)) return undefined
  const broken = firstBroken(capacity)
  const missed = [
    ...(capacity.brokenBy === undefined ? [] : [capacity.brokenBy]),
    ...(broken?.summary.objectives ?? []).filter(({ pass }) => pass === false).map(({ text }) => text),
  ]
  const misses = [...new Set(missed)].map((text) => missText(workload, text))
  const used = inUse(capacity, broken)
  const { bottleneck } = capacity
  const signs = broken ? symptoms(broken.summary) : []
  // A loss system refuses long before it is full on average: what turns calls away is what breaks.
  if (bottleneck && used !== undefined && isOfBusyTones(workload, missed))
    return `${limitText(bottleneck)} (${formatShare(used)} in use on average): ${listText(misses)}`
  if (!bottleneck || (used !== undefined && used < fullEnough && signs.length === 0))
    return `no service is full: ${listText(misses)}${mostOfTurn(broken?.summary)}`
  const full = used !== undefined && used < nearlyFull ? ` (${formatShare(used)} in use)` : ''
  const said = [...(signs.length > 0 ? [`from there on ${listText(signs)}`] : []), ...misses]
  return said.length === 0
    ? `${limitText(bottleneck)}${full}`
    : `${limitText(bottleneck)}${full}: ${said.length === 2 && signs.length > 0 ? said.join(', and ') : listText(said)}`
}

const isOfBusyTones = (workload: Workload, missed: readonly string[]): boolean =>
  missed.length > 0 &&
  missed.every((text) => workload.objectives.find((each) => each.text === text)?.metric === 'blocked')

/** What would bind were the first lifted. */
export function breaksNext(capacity: Capacity): string | undefined {
  const { next, level, origin } = capacity
  if (!next || !isBroken(capacity)) return undefined
  const solved = origin === 'solved' ? '' : ', solved'
  const close = next.users <= levelValue(level) * closeBehind ? 'close behind: ' : ''
  return `${close}${serviceText(next.service)}, at about ${loadText(capacity, next.users)} (the first one lifted${solved})`
}

/** The trial past the capacity that is nearest to it, else the highest one that failed. */
function firstBroken({ probes, level }: Capacity): ProbeResult | undefined {
  const failed = probes
    .filter(({ pass }) => pass === false)
    .toSorted((a, b) => levelValue(a.level) - levelValue(b.level))
  return failed.find((probe) => levelValue(probe.level) > levelValue(level)) ?? failed.at(-1)
}

function inUse({ bottleneck }: Capacity, broken: ProbeResult | undefined): number | undefined {
  return broken?.summary.services?.find(
    ({ name, unit }) => name === bottleneck?.service && unit === bottleneck.unit,
  )?.utilisation
}

/** What turns suffer at a level, the most frequent first, the level named once. */
function symptoms(summary: Summary): string[] {
  const at = ` at ${loadText(summary)}`
  const signs = [...failures(summary), ...waits(summary)].slice(0, 2)
  return signs.map(([what, figure], index) => `${what} (${figure}${index === 0 ? at : ''})`)
}

const failureWords: Readonly<Record<string, string>> = {
  rate_limited: '429s',
  overloaded: 'turns shed at the door',
  timeout: 'turns that time out',
  http_5xx: 'server errors',
  connect: 'refused connections',
  abandoned: 'users who give up',
}

const callerWords: Readonly<Record<string, string>> = { abandoned: 'callers who give up' }

function failures({ errors, turns, models, phone }: Summary): [what: string, figure: string][] {
  const { completed, failed = 0, rejected = 0, abandoned = 0 } = turns
  // An engine that counts gives counts; the algebra gives shares.
  const ended = completed === undefined ? 1 : Math.max(1, completed + failed + rejected + abandoned)
  const kinds = Object.entries(errors?.byKind ?? {})
    .map(([kind, count]): [string, number] => [kind, count / ended])
    .filter(([kind, share]) => kind !== 'none' && share >= worthSaying)
    .toSorted(([, a], [, b]) => b - a)
    .map(([kind, share]): [string, string] => [
      (phone && callerWords[kind]) ?? failureWords[kind] ?? kind.replaceAll('_', ' '),
      `${formatShare(share)} of turns`,
    ])
  if (kinds.length > 0) return kinds
  const retried = Object.values(models ?? {}).reduce(
    (sum, { rateLimitedPerSecond = 0 }) => sum + rateLimitedPerSecond,
    0,
  )
  return retried > 0 ? [['429s that are tried again', `${formatCount(retried * 60)} a minute`]] : []
}

const waitWords: Readonly<Record<string, string>> = {
  queue: 'turns wait for a slot',
  'retry wait': 'turns wait for the quota',
  connections: 'calls wait for a connection',
}

/** What callers wait for: nobody waits for a sound while it is heard. */
function waitedFor({ turnTime = [] }: Pick<Summary, 'turnTime'>) {
  const parts = turnTime.filter(({ part }) => part !== 'answer heard')
  return { parts, wholeMs: parts.reduce((sum, { meanMs }) => sum + meanMs, 0) }
}

function waits(summary: Summary): [what: string, figure: string][] {
  const { parts, wholeMs } = waitedFor(summary)
  return parts
    .filter(({ part, meanMs }) => part in waitWords && meanMs > 0.1 * wholeMs)
    .map(({ part, meanMs }) => [waitWords[part]!, `${formatMs(meanMs)} on average`])
}

const partWords: Readonly<Record<string, string>> = {
  queue: 'waiting for a slot',
  model: 'model calls',
  tools: 'tool calls',
  cpu: 'CPU of the agent',
  agent: 'the agent itself',
  state: 'loading and saving state',
  prompt: 'building the prompt',
  'retry wait': 'waiting for the quota',
  connections: 'waiting for a connection',
  hearing: 'hearing the caller out',
  speaking: 'text to speech',
}

function mostOfTurn(summary: Summary | undefined): string {
  const { parts, wholeMs } = waitedFor(summary ?? {})
  const most = parts.toSorted((a, b) => b.meanMs - a.meanMs)[0]
  return most && wholeMs > 0
    ? `; ${formatShare(most.meanMs / wholeMs)} of a ${summary?.phone ? 'response' : 'turn'} goes into ${partWords[most.part] ?? most.part}`
    : ''
}
