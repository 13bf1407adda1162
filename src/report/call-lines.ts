import { formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import { phoneEndings } from '../result/phone-records.ts'
import type { PhoneSummary } from '../result/phone-summary.ts'
import type { Dist, Summary } from '../result/summary.ts'

/** What calls by telephone came to, in words; nothing of what did not happen. */
export function callCounts(
  phone: PhoneSummary,
  turnTime: Summary['turnTime'] = [],
): [label: string, text: string][] {
  const lines: [string, string][] = [
    ['calls', endingsText(phone)],
    ['on the line', `${formatCount(phone.active.mean)} on average, ${formatCount(phone.active.max)} at most`],
    ['a response', responseText(turnTime)],
    ['sound', soundText(phone)],
    ['callers', callersText(phone)],
    ['satisfaction', phone.satisfaction ? satisfactionText(phone.satisfaction) : ''],
    ['frames', phone.frames ? framesText(phone.frames) : ''],
  ]
  return lines.filter(([, text]) => text !== '')
}

/** The times of calls, by the name that they have in reports. */
export function callTimes({
  durationMs,
  queuedMs,
  setUpMs,
  bargeInMs,
}: PhoneSummary): [string, Dist | undefined][] {
  return [
    ['barge-in', bargeInMs],
    ['wait for a channel', queuedMs && (queuedMs.max ?? queuedMs.p99) >= 100 ? queuedMs : undefined],
    ['until taken', setUpMs],
    ['call', durationMs],
  ]
}

function endingsText({ calls, integrationTimeouts }: PhoneSummary): string {
  const { ended, offered, inFlightAtStart, inFlightAtEnd } = calls
  const told = phoneEndings
    .filter((ending) => calls[ending] > 0)
    .map(
      (ending) =>
        `${ending} ${formatCount(calls[ending])} (${formatShare(calls[ending] / ended)}${ending === 'blocked' ? byWhom(calls) : ''})`,
    )
  const tools =
    integrationTimeouts > 0 ? `; an integration timed out in ${formatShare(integrationTimeouts)}` : ''
  const flight = `${formatCount(inFlightAtStart)} at start, ${formatCount(offered)} offered, ${formatCount(inFlightAtEnd)} at end`
  return `${formatCount(calls.perSecond * 60)}/min: ${flight}; ${formatCount(ended)} ended${told.length > 0 ? `: ${told.join(', ')}` : ''}${tools}`
}

/** Who gave the busy tones, where it was not the carrier alone. */
function byWhom({ blocked, blockedByAgent }: PhoneSummary['calls']): string {
  if (!(blockedByAgent > 0)) return ''
  return blocked === blockedByAgent
    ? ', by the agent'
    : `, ${formatCount(blockedByAgent)} of them by the agent`
}

/** In the order of a turn; the agent's own is what is left, wherever it lies. */
const responseParts = ['hearing', 'model', 'tools', 'retry wait', 'speaking', 'agent']

/** What the mean response is made of, where speech services were seen, and how long each part took in one of twenty. */
function responseText(turnTime: NonNullable<Summary['turnTime']>): string {
  if (!turnTime.some(({ part }) => part === 'hearing')) return ''
  const parts = responseParts.flatMap((name) => turnTime.filter(({ part }) => part === name))
  const told = parts
    .filter(({ meanMs }) => meanMs > 0)
    .map(({ part, meanMs, p95Ms }) =>
      p95Ms === undefined
        ? `${part} ${formatMs(meanMs)}`
        : `${part} ${formatMs(meanMs)} (p95 ${formatMs(p95Ms)})`,
    )
  return `${told.join(', ')} on average; hearing is the silence that ends speech, and its text`
}

function soundText({ gaps, talkedOver }: PhoneSummary): string {
  const holes =
    gaps.count === 0
      ? 'no hole in the answers'
      : `${formatCount(gaps.count)} holes in the answers of ${formatCount(gaps.callsWithGaps)} calls, the longest ${formatMs(gaps.longestMs)}`
  return talkedOver === 0 ? holes : `${holes}; ${formatCount(talkedOver)} answers began over the caller`
}

function callersText({ interruptions }: PhoneSummary): string {
  return interruptions === 0 ? '' : `spoke into ${formatCount(interruptions)} answers`
}

function satisfactionText({ score, answeredWithinMs }: NonNullable<PhoneSummary['satisfaction']>): string {
  return `${score.toFixed(2)} of 1, a proxy: answers within ${formatMs(answeredWithinMs)}, sound without holes, calls that came to their end; nobody was asked`
}

function framesText({ sent, latenessP99Ms, latenessMaxMs }: NonNullable<PhoneSummary['frames']>): string {
  return `${formatCount(sent)} sent, late by ${formatMs(latenessP99Ms)} (p99), ${formatMs(latenessMaxMs)} at most`
}
