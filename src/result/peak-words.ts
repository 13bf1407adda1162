import { formatCount, formatMs, formatPeople, formatShare } from './figure-text.ts'
import type { PeakPlan } from './peak-plan.ts'
import type { VerdictLine } from './run.ts'
import { toldLines } from './verdict/words.ts'

/** The peaks of the file in a sentence each. */
export function peakWords({ day, burst, together }: PeakPlan): VerdictLine[] {
  return toldLines([
    ['the day', day && dayText(day)],
    ['the burst', burst && burstText(burst)],
    ['all at once', together && togetherText(together)],
  ])
}

function dayText(day: NonNullable<PeakPlan['day']>): string {
  const { peakToAverage, busiestHour, busiestShare, beyondMeanShare, hoursBeyondMean } = day
  const hour = `${String(busiestHour).padStart(2, '0')}:00`
  const beyond =
    hoursBeyondMean === 0
      ? ''
      : `; bought for the mean, ${formatShare(beyondMeanShare)} of the day’s work would come beyond it, in ${hoursBeyondMean === 1 ? 'one hour' : `${hoursBeyondMean} hours`}`
  return `the hour from ${hour} has ${formatCount(Number(peakToAverage.toPrecision(3)))}× the mean and ${formatShare(busiestShare)} of all work; bought for it, servers are used to ${formatShare(1 / peakToAverage)} on average${beyond}`
}

function burstText({
  tokensPerSecond,
  callsPerSecond,
  forMs,
  absorbed,
}: NonNullable<PeakPlan['burst']>): string {
  const rate = `${formatCount(Math.round(tokensPerSecond))} tokens/s in ${formatCount(Number(callsPerSecond.toPrecision(3)))} calls/s`
  const own = absorbed.filter((each) => each.own)
  if (own.length === 0) return `${rate}: the file has no quota that would refuse it`
  const told = own.map(({ name, forMs: ms, calls, binding }) =>
    ms === undefined
      ? `${name} takes it for ever`
      : `${name} takes it for ${formatMs(ms)}, ${formatCount(calls)} calls${binding === undefined ? '' : `, then ${binding} run out`}`,
  )
  const worst = Math.min(...own.map((each) => each.forMs ?? Infinity))
  const verdict =
    forMs === undefined
      ? ''
      : worst >= forMs
        ? `; it lasts ${formatMs(forMs)} and fits`
        : `; it lasts ${formatMs(forMs)}, too long`
  return `${rate}: ${told.join('; ')}${verdict}`
}

function togetherText({ agents, waits }: NonNullable<PeakPlan['together']>): string {
  const all = `${formatPeople(agents)} agents that begin at the same instant`
  const [worst] = waits.toSorted((a, b) => (b.lastMs ?? Infinity) - (a.lastMs ?? Infinity))
  if (!worst) return `${all}: the file has no quota that would refuse them`
  const { name, atOnce, refused, lastMs, meanMs } = worst
  if (refused === 0) return `${all} are all admitted at once`
  const wait =
    lastMs === undefined
      ? 'the others never fit'
      : `the last is admitted after ${formatMs(lastMs)}, the mean after ${formatMs(meanMs)}: spread their starts over so long`
  return `${all}: ${name} admits ${formatPeople(atOnce)} and refuses ${formatPeople(refused)}; ${wait}`
}
