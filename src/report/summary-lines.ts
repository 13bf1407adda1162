import stringWidth from 'string-width'
import { loadText } from '../result/load-words.ts'
import type { Dist, Summary } from '../result/summary.ts'
import { type Answer } from './answers.ts'
import { answerTitle } from './comparison.ts'
import { formatCount, formatMs, formatRange, formatShare, formatUsd } from '../result/figure-text.ts'
import { callCounts, callTimes } from './call-lines.ts'
import type { Palette } from './palette.ts'
import { textTable } from './text-table.ts'
import { wrap } from './wrap.ts'
import { sessionEndings } from '../result/session-ending.ts'

/** One level in full: percentiles of every time, then the counts; `besides` ends the headline. */
export function summaryLines(answer: Answer, palette: Palette, width: number, besides = ''): string[] {
  const { summary } = answer
  if (!summary) return []
  return [
    ...wrap(`${headOf(answer, summary)}${besides}`, width).map(palette.bold),
    '',
    ...percentileLines(summary, palette, width),
    ...countLines(summary, palette, width),
  ]
}

function headOf(answer: Answer, summary: Summary): string {
  const window = summary.window
    ? `, ${formatMs(summary.window.measuredMs)} ${warmUpText(summary.window)}`
    : ''
  const seed = summary.seed === undefined ? '' : `, seed ${summary.seed}`
  return `${answerTitle(answer)}: ${summary.workload.name} at ${loadText(summary)}${window}${seed}`
}

/** `after 3 min of warm-up`. */
export function warmUpText({ warmupMs }: NonNullable<Summary['window']>): string {
  return warmupMs > 0 ? `after ${formatMs(warmupMs)} of warm-up` : 'without warm-up'
}

/** Every distribution of times that a summary has, with the name it has in reports. */
export function timeDistributions(summary: Summary): [label: string, dist: Dist][] {
  const { latency, ownTime, calls, phone } = summary
  if (phone) return callDistributions(summary, phone)
  const named: [string, Dist | undefined][] = [
    ['turn', latency.turnMs],
    ['turn, from intended', latency.intendedTurnMs],
    ['first token', latency.ttftMs],
    ['first useful text', tellsMore(latency) ? latency.usefulMs : undefined],
    ['between tokens', latency.interTokenMs],
    ['per output token', latency.tpotMs],
    ['model call', calls?.latencyMs],
    ['agent before calls', ownTime?.beforeMs],
    ['agent between calls', ownTime?.betweenMs],
    ['agent after calls', ownTime?.afterMs],
    ['retry wait', ownTime?.retryWaitMs],
  ]
  return named.filter((entry): entry is [string, Dist] => entry[1] !== undefined)
}

/** Of calls an answer is sound: its first frame is the response, and tokens are none. */
function callDistributions(
  { latency, calls }: Summary,
  phone: NonNullable<Summary['phone']>,
): [label: string, dist: Dist][] {
  const named: [string, Dist | undefined][] = [
    ['response', latency.ttftMs],
    ['whole answer', latency.turnMs],
    ...callTimes(phone),
    ['model call', calls?.latencyMs],
  ]
  return named.filter((entry): entry is [string, Dist] => entry[1] !== undefined)
}

/** Where the first text is always a useful one, saying so again tells nothing. */
function tellsMore({ ttftMs, usefulMs }: Summary['latency']): boolean {
  return usefulMs !== undefined && (usefulMs.mean !== ttftMs?.mean || usefulMs.p99 !== ttftMs.p99)
}

const percentiles = ['mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const
/** What a narrow terminal has no room for, the least missed first. */
const spare: readonly string[] = ['p90', 'p50', 'max']

function percentileLines(summary: Summary, palette: Palette, width: number): string[] {
  const dists = timeDistributions(summary)
  if (dists.length === 0) return []
  const tables = Array.from({ length: spare.length + 1 }, (_, left) => {
    const shown = percentiles.filter((each) => !spare.slice(0, left).includes(each))
    return {
      head: ['', ...shown],
      rows: dists.map(([label, dist]) => [label, ...shown.map((each) => formatMs(dist[each]))]),
    }
  })
  const fitting = tables.find((table) => stringWidth(textTable(table)[0]!) <= width) ?? tables.at(-1)!
  const lines = textTable({
    ...fitting,
    paint: (cell, row, column) =>
      row === -1 || column === 0
        ? palette.dim(cell)
        : fitting.head[column] === 'p95'
          ? palette.bold(cell)
          : cell,
  })
  return [...lines, '']
}

function countLines(summary: Summary, palette: Palette, width: number): string[] {
  const lines = summaryCounts(summary)
  const gap = Math.max(...lines.map(([label]) => label.length)) + 2
  return lines.flatMap(([label, text]) =>
    wrap(text, Math.max(20, width - gap)).map((part, index) =>
      index === 0 ? `${palette.dim(label.padEnd(gap))}${part}` : `${' '.repeat(gap)}${part}`,
    ),
  )
}

/** What a summary counts, in words; what it does not know is left out. */
export function summaryCounts(summary: Summary): [label: string, text: string][] {
  const {
    origin,
    turns,
    server,
    behaviour,
    calls,
    tokens,
    canaries,
    errors,
    cost,
    sessions,
    goodput,
    refusals,
    joined,
    unjoined,
    faults,
    rules,
    phone,
  } = summary
  const rate = formatRange(turns.perSecondCi95, formatCount)
  const lines: [string, string | undefined][] = [
    ['turns', `${formatCount(turns.perSecond)}/s${rate && ` (95 % interval ${rate})`}${accounting(summary)}`],
    ...(phone ? callCounts(phone, summary.turnTime) : []),
    ['goodput', goodput && goodputText(goodput)],
    ['sessions', sessions && !phone ? sessionsText(sessions) : undefined],
    ['refusals', refusals && refusalsText(refusals)],
    ['users', behaviour && behaviourText(behaviour)],
    ['errors', errors && `${formatShare(errors.rate)}${byKind(errors.byKind, origin)}`],
    ['kept apart', canaries && canariesText(canaries)],
    ['faults', faults && faultsText(faults)],
    ['rules', rules && rulesText(rules, summary.replications)],
    ['model calls', calls && callsText(calls)],
    ['loop depth', calls?.depth && depthText(calls.depth)],
    [
      'tokens',
      tokens &&
        `${formatCount(tokens.perSecond * 60)}/min${summary.window ? `; in all ${tokenTotals(tokens)}` : ''}`,
    ],
    ['joined', joined && joinedText(joined)],
    ['not joined', unjoined && unjoinedText(unjoined)],
    ['cost', cost && costText(cost)],
    ['server', server && serverText(server, phone)],
    ['generator', generatorText(summary)],
  ]
  return lines.filter((line): line is [string, string] => Boolean(line[1]))
}

function goodputText({ share, turnsPerSecond, limits }: NonNullable<Summary['goodput']>): string {
  return `${formatShare(share)} of turns, ${formatCount(turnsPerSecond)}/s: answered within ${list(limits)}`
}

function sessionsText({
  started,
  ended,
  completed,
  abandoned = 0,
  endings,
  turnedAway = 0,
  durationMs,
  turns,
}: NonNullable<Summary['sessions']>): string {
  const told = sessionEndings
    .filter((ending) => (endings?.[ending] ?? 0) > 0)
    .map((ending) => `${ending} ${formatCount(endings![ending])} (${formatShare(endings![ending] / ended)})`)
  const how =
    told.length > 0
      ? `: ${told.join(', ')}`
      : abandoned > 0
        ? ` (${formatCount(completed)} whole, ${formatCount(abandoned)} left early)`
        : ''
  const long = durationMs
    ? `; ${formatMs(durationMs.mean)} on average, p95 ${formatMs(durationMs.p95)}, of ${formatCount(turns?.mean)} turns`
    : ''
  const away = turnedAway > 0 ? `, ${formatCount(turnedAway)} turned away (--max-users)` : ''
  return `${formatCount(started)} started, ${formatCount(ended)} ended${how}${away}${long}`
}

/** Nothing where nobody was refused. */
function refusalsText({
  turns,
  refused,
  retries,
  told,
  obeyed,
  lostMs,
}: NonNullable<Summary['refusals']>): string {
  if (refused === 0) return ''
  const honoured =
    told > 0 ? `, Retry-After honoured ${formatCount(obeyed)} of ${formatCount(told)} times` : ''
  return `${formatCount(turns)} turns met ${formatCount(refused)} (429 or 503), ${formatCount(retries)} tried again${honoured}; ${formatMs(lostMs)} lost`
}

/** How model calls found their turns; those that did not have a line of their own. */
function joinedText(joined: NonNullable<Summary['joined']>): string {
  const by = { id: 'the id of a tool call', trace: 'traceparent', text: 'the text of the message' }
  const found = (['id', 'trace', 'text'] as const).filter((way) => joined[way] > 0)
  return list(found.map((way) => `${formatCount(joined[way])} by ${by[way]}`))
}

/** Nothing where every call found its turn. */
function unjoinedText({ modelCalls, toolCalls, lost }: NonNullable<Summary['unjoined']>): string {
  const counted: [number, string][] = [
    [modelCalls, 'model calls'],
    [toolCalls, 'tool calls'],
    [lost, 'records lost'],
  ]
  const told = counted.filter(([count]) => count > 0).map(([count, of]) => `${formatCount(count)} ${of}`)
  return told.length === 0 ? '' : `${list(told)}: in no turn, so depth and own time leave them out`
}

/** Whether turns were answered from their own session's words. */
function canariesText({ turns, crossSession, lostHistory }: NonNullable<Summary['canaries']>): string {
  const wrong = [
    ...(crossSession > 0 ? [`${formatCount(crossSession)} held words of another session`] : []),
    ...(lostHistory > 0 ? [`${formatCount(lostHistory)} had lost what their own session said before`] : []),
  ]
  const of = `${formatCount(turns)} turns checked`
  return wrong.length === 0 ? `${of}, each with its own session’s words` : `of ${of} ${list(wrong)}`
}

/** What went wrong on purpose; a turn that failed with it is no proof against the agent. */
function faultsText({ byName, turns, failedTurns }: NonNullable<Summary['faults']>): string {
  const calls = Object.entries(byName).map(([name, count]) => `${name} ${formatCount(count)}`)
  return `injected by the provider: ${list(calls)}; ${formatCount(turns)} turns met one, ${formatCount(failedTurns)} of them failed`
}

/** What the agent's rules did: those that had to. */
function rulesText(rules: NonNullable<Summary['rules']>, replications = 1): string {
  const acted = rules.filter(({ count }) => count > 0)
  if (acted.length === 0) return 'none of the agent’s had to act'
  const all = list(acted.map(({ rule, count }) => `${rule} ${formatCount(count)}`))
  return replications > 1 ? `in the mean of ${replications} runs: ${all}` : all
}

function serverText(server: NonNullable<Summary['server']>, phone: Summary['phone']): string {
  const megabytes = (bytes: number): string => `${formatCount(bytes / 1e6)} MB`
  const { rssBytesPerUser, rssBytesPerSession, sockets, openFiles } = server
  return list([
    `${formatCount(server.cpuCores)} cores`,
    ...(phone ? cpuOfCalls(server, phone) : cpuOfTurns(server)),
    `${megabytes(server.rssBytes)} of memory, ${megabytes(server.rssPeakBytes)} at most`,
    ...(rssBytesPerUser === undefined || rssBytesPerUser <= 0
      ? []
      : [`${megabytes(rssBytesPerUser)} more a user than idle`]),
    ...(rssBytesPerSession === undefined || rssBytesPerSession <= 0
      ? []
      : [`${megabytes(rssBytesPerSession)} more a session under way than idle`]),
    ...(sockets === undefined ? [] : [`${formatCount(sockets)} sockets at most`]),
    ...(openFiles === undefined ? [] : [`${formatCount(openFiles)} open files at most`]),
  ])
}

function cpuOfTurns({ cpuMsPerTurn, cpuMsPerSession }: NonNullable<Summary['server']>): string[] {
  return [
    ...(cpuMsPerTurn === undefined ? [] : [`${formatMs(cpuMsPerTurn)} of CPU a turn`]),
    ...(cpuMsPerSession === undefined ? [] : [`${formatMs(cpuMsPerSession)} a session`]),
  ]
}

/** Most of it is sound, which costs as much in a call without a word. */
function cpuOfCalls(
  { cpuCores }: NonNullable<Summary['server']>,
  { active }: NonNullable<Summary['phone']>,
): string[] {
  return active.mean > 0 ? [`${formatMs((cpuCores / active.mean) * 1000)} of CPU a second of a call`] : []
}

const habits: Readonly<Record<string, string>> = {
  disconnected: 'dropped the connection in the middle of an answer',
  reconnected: 'came back',
  stalled: 'stopped reading for a while',
  doubleSent: 'sent twice',
  retried: 'tried again after a refusal',
}

function behaviourText(counts: Readonly<Record<string, number>>): string {
  const seen = Object.entries(counts).filter(([, count]) => count > 0)
  if (seen.length === 0) return 'sent and waited, nothing else'
  return list(seen.map(([kind, count]) => `${formatCount(count)} × ${habits[kind] ?? kind}`))
}

function accounting({ turns }: Summary): string {
  if (turns.started === undefined) return ''
  const ended = (['completed', 'failed', 'abandoned', 'rejected'] as const)
    .filter((outcome) => turns[outcome] !== undefined)
    .map((outcome) => `${formatCount(turns[outcome])} ${outcome}`)
  const flight = `${formatCount(turns.inFlightAtStart ?? 0)} in flight at start, ${formatCount(turns.inFlightAtEnd ?? 0)} at end`
  return `: ${formatCount(turns.started)} started, ${list(ended)}; ${flight}`
}

/** Counted where turns were played, shares of all turns where they were solved; those that round to nothing are left out. */
function byKind(kinds: Readonly<Record<string, number>>, origin: Summary['origin']): string {
  const text = origin === 'solved' ? formatShare : formatCount
  const least = origin === 'solved' ? 0.00005 : 0
  const some = Object.entries(kinds).filter(([kind, count]) => kind !== 'none' && count > least)
  return some.length === 0 ? '' : `: ${list(some.map(([kind, count]) => `${text(count)} ${kind}`))}`
}

function callsText(calls: NonNullable<Summary['calls']>): string {
  const parts = [
    calls.perTurn && `${formatCount(calls.perTurn.mean)} a turn (p95 ${formatCount(calls.perTurn.p95)})`,
    calls.perSecond !== undefined && `${formatCount(calls.perSecond)}/s`,
    calls.inFlight && `${formatCount(calls.inFlight.mean)} in flight on average`,
    calls.retriesPerTurn !== undefined && `${formatCount(calls.retriesPerTurn)} retries a turn`,
  ]
  return list(parts.filter((part): part is string => Boolean(part)))
}

function tokenTotals(tokens: NonNullable<Summary['tokens']>): string {
  return `${formatCount(tokens.input)} in (${formatCount(tokens.cachedInput)} cached), ${formatCount(tokens.output)} out`
}

function depthText({
  intended,
  observed,
  cut,
  beside,
}: NonNullable<NonNullable<Summary['calls']>['depth']>): string {
  const others =
    beside === undefined
      ? ''
      : `; ${formatCount(beside)} calls a turn beside the loop, of sub-agents and routers`
  return `${formatCount(intended)} intended, ${formatCount(observed)} observed, ${formatCount(cut)} cut short${others}`
}

function costText(cost: NonNullable<Summary['cost']>): string {
  const parts = [
    cost.perTurnUsd !== undefined && `${formatUsd(cost.perTurnUsd)} a turn`,
    cost.perUserHourUsd !== undefined && `${formatUsd(cost.perUserHourUsd)} a user-hour`,
    cost.perMonthUsd !== undefined && `${formatUsd(cost.perMonthUsd)} a month`,
  ]
  return list(parts.filter((part): part is string => Boolean(part)))
}

/** The generator on itself, in words. */
export function generatorText({ generator }: Summary): string | undefined {
  if (!generator) return undefined
  const parts = [
    generator.requestedPerSecond !== undefined &&
      `${formatCount(generator.requestedPerSecond)} turns/s asked for`,
    generator.achievedPerSecond !== undefined && `${formatCount(generator.achievedPerSecond)} achieved`,
    generator.latenessP99Ms !== undefined && `sends late by ${formatMs(generator.latenessP99Ms)} (p99)`,
    generator.loopDelayP99Ms !== undefined && `event loop by ${formatMs(generator.loopDelayP99Ms)}`,
    generator.providerLatenessP99Ms !== undefined &&
      `provider by ${formatMs(generator.providerLatenessP99Ms)}`,
    generator.cpu !== undefined && `${formatCount(generator.cpu)} cores used`,
    generator.agentCpu !== undefined && `agent ${formatCount(generator.agentCpu)} cores`,
  ]
  return list([
    generator.valid ? 'kept up' : 'did not keep up',
    ...parts.filter((part): part is string => Boolean(part)),
  ])
}

function list(parts: readonly string[]): string {
  return parts.join(', ')
}
