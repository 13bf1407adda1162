import type { MeasuredWindow } from './measured-window.ts'
import { mouthToEarBudget } from '../workload/voice-limits.ts'
import type { Objective, Workload } from '../workload/workload.ts'
import { longer } from '../stats/columns.ts'
import { type Share, Tally } from '../stats/tally.ts'
import { distsOf } from './dist.ts'
import { judgeOccurrence, judgeTimes } from './judge.ts'
import { type PhoneEnding, phoneEndings, type PhoneRecord } from './phone-records.ts'
import type { PhoneSummary } from './phone-summary.ts'
import type { CallRecord, TurnRecord } from './records.ts'
import type { ObjectiveResult } from './summary.ts'

/** Who is still spoken at after so long feels unheard. */
const soonStoppedMs = 500

/** What a call's turns and tool calls came to. */
interface Heard {
  turns: number
  /** Apdex of its turns: 1 within the limit, half of it up to four times as long, else nothing. */
  score: number
  timedOut: boolean
}

const nothing: Readonly<Heard> = { turns: 0, score: 0, timedOut: false }

/** Calls that ended within the window, with what was heard in them. */
export class PhoneTally {
  readonly #fromMs: number
  readonly #toMs: number
  readonly #withinMs: number
  readonly #heard = new Map<number, Heard>()
  readonly #counts = Object.fromEntries(phoneEndings.map((ending) => [ending, 0])) as Record<
    PhoneEnding,
    number
  >
  readonly #shares = new Map<string, Tally>()
  readonly #gapsOfCalls = new Tally()
  readonly #bargeIn: Tally
  readonly #queued = new Tally()
  readonly #setUp = new Tally()
  readonly #duration = new Tally()
  /** Of each call that was on the line within the window: since when, and until when. */
  #activeFromMs = new Float64Array(64)
  #activeToMs = new Float64Array(64)
  #activeCalls = 0
  #ended = 0
  #blockedByAgent = 0
  #interruptions = 0
  #talkedOver = 0
  #gaps = 0
  #callsWithGaps = 0
  #longestGapMs = 0
  #activeMs = 0
  #timedOut = 0
  #offered = 0
  #inFlightAtStart = 0

  constructor(workload: Workload, window: MeasuredWindow) {
    this.#fromMs = window.warmupMs
    this.#toMs = window.warmupMs + window.measuredMs
    this.#withinMs = workload.phone?.mouthToEar?.withinMs ?? mouthToEarBudget.limitMs
    this.#bargeIn = new Tally(
      workload.objectives.flatMap(({ metric, limit }) => (metric === 'bargeIn' ? [limit] : [])),
    )
  }

  /** The turns and tool calls of a call come before the call itself. */
  turn({ session, sentAtMs, firstTokenAtMs, outcome }: Readonly<TurnRecord>): void {
    const heard = this.#heardIn(session)
    const waitedMs = firstTokenAtMs - sentAtMs
    heard.turns++
    if (outcome !== 'completed' || !(waitedMs <= 4 * this.#withinMs)) return
    heard.score += waitedMs <= this.#withinMs ? 1 : 0.5
  }

  tool({ session, outcome, errorKind }: Readonly<CallRecord>): void {
    if (outcome === 'abandoned' || errorKind === 'timeout') this.#heardIn(session).timedOut = true
  }

  add(call: Readonly<PhoneRecord>): void {
    const heard = this.#heard.get(call.session) ?? nothing
    this.#heard.delete(call.session)
    this.#addActive(call)
    if (!this.#hasEnded(call)) return
    const { grantedAtMs, answeredAtMs } = call
    const ending = call.ending as PhoneEnding
    this.#ended++
    this.#counts[ending]++
    if (ending === 'blocked' && !Number.isNaN(call.grantedAtMs)) this.#blockedByAgent++
    for (let i = 0; i < phoneEndings.length; i++)
      this.#share(phoneEndings[i]!, ending === phoneEndings[i] ? 1 : 0)
    this.#share('integrations', heard.timedOut ? 1 : 0)
    if (heard.timedOut) this.#timedOut++
    this.#share('satisfaction', scoreOf(call, heard))
    if (!Number.isNaN(grantedAtMs)) this.#queued.add(grantedAtMs - call.offeredAtMs)
    if (Number.isNaN(answeredAtMs)) return
    this.#setUp.add(answeredAtMs - grantedAtMs)
    this.#duration.add(call.endedAtMs - answeredAtMs)
    for (let i = 0; i < call.bargeInStopMs.length; i++) this.#bargeIn.add(call.bargeInStopMs[i]!)
    this.#interruptions += call.interruptions
    this.#talkedOver += call.talkedOver
    this.#gaps += call.gaps
    this.#gapsOfCalls.add(call.gaps)
    if (call.gaps > 0) this.#callsWithGaps++
    this.#longestGapMs = Math.max(this.#longestGapMs, call.longestGapMs)
  }

  /** Within the window; calls that the run's end cut short are still in flight. */
  #hasEnded({ offeredAtMs, endedAtMs, ending }: Readonly<PhoneRecord>): boolean {
    if (endedAtMs < this.#fromMs || offeredAtMs >= this.#toMs) return false
    if (offeredAtMs >= this.#fromMs) this.#offered++
    else this.#inFlightAtStart++
    return ending !== 'cut' && endedAtMs < this.#toMs
  }

  judge(objective: Objective): ObjectiveResult {
    if (objective.metric === 'bargeIn') return judgeTimes(objective, this.#bargeIn)
    if (objective.metric === 'gaps') return judgeTimes(objective, this.#gapsOfCalls)
    if (objective.metric === 'satisfaction') return this.#judgeScore(objective)
    return judgeOccurrence(objective, this.#shareOf(objective.metric), this.#ended)
  }

  #judgeScore({ text, metric, limit }: Objective): ObjectiveResult {
    const { share: value, low, high } = this.#shareOf('satisfaction')
    if (this.#ended === 0) return { text, metric, pass: 'undecided' }
    return {
      text,
      metric,
      value,
      low,
      high,
      limit,
      pass: low > limit ? true : high <= limit ? false : 'undecided',
    }
  }

  summary(extra: Pick<PhoneSummary, 'frames'>): PhoneSummary {
    const { share: score } = this.#shareOf('satisfaction')
    return {
      calls: {
        ...this.#counts,
        ended: this.#ended,
        blockedByAgent: this.#blockedByAgent,
        inFlightAtStart: this.#inFlightAtStart,
        offered: this.#offered,
        inFlightAtEnd: this.#inFlightAtStart + this.#offered - this.#ended,
        perSecond: this.#ended / ((this.#toMs - this.#fromMs) / 1000),
      },
      active: { mean: this.#activeMs / (this.#toMs - this.#fromMs), max: this.#most() },
      ...distsOf({
        queuedMs: this.#queued,
        setUpMs: this.#setUp,
        durationMs: this.#duration,
        bargeInMs: this.#bargeIn,
      }),
      interruptions: this.#interruptions,
      talkedOver: this.#talkedOver,
      gaps: { count: this.#gaps, callsWithGaps: this.#callsWithGaps, longestMs: this.#longestGapMs },
      integrationTimeouts: this.#ended > 0 ? this.#timedOut / this.#ended : 0,
      ...(this.#ended > 0 ? { satisfaction: { score, answeredWithinMs: this.#withinMs } } : {}),
      ...extra,
    }
  }

  #heardIn(session: number): Heard {
    const known = this.#heard.get(session) ?? { turns: 0, score: 0, timedOut: false }
    this.#heard.set(session, known)
    return known
  }

  #addActive({ grantedAtMs, endedAtMs }: Readonly<PhoneRecord>): void {
    const from = Math.max(grantedAtMs, this.#fromMs)
    const to = Math.min(endedAtMs, this.#toMs)
    if (!(to > from)) return
    this.#activeMs += to - from
    if (this.#activeCalls === this.#activeFromMs.length) {
      this.#activeFromMs = longer(this.#activeFromMs, this.#activeCalls * 2)
      this.#activeToMs = longer(this.#activeToMs, this.#activeCalls * 2)
    }
    this.#activeFromMs[this.#activeCalls] = from
    this.#activeToMs[this.#activeCalls++] = to
  }

  /** Calls on the line at once; one that ends as another begins makes room for it. */
  #most(): number {
    const fromMs = this.#activeFromMs.slice(0, this.#activeCalls).sort()
    const toMs = this.#activeToMs.slice(0, this.#activeCalls).sort()
    let over = 0
    let most = 0
    for (let begun = 1; begun <= fromMs.length; begun++) {
      while (toMs[over]! <= fromMs[begun - 1]!) over++
      most = Math.max(most, begun - over)
    }
    return most
  }

  #share(name: string, value: number): void {
    let tally = this.#shares.get(name)
    if (!tally) this.#shares.set(name, (tally = new Tally([0])))
    tally.add(value)
  }

  #shareOf(name: string): Share {
    const tally = this.#shares.get(name)
    if (!tally) return { share: 0, low: 0, high: 1, effectiveCount: 0 }
    if (name !== 'satisfaction') return tally.shareAbove(0)
    const [low, high] = tally.meanInterval() ?? [0, 1]
    return { share: tally.mean, low: Math.max(0, low), high: Math.min(1, high), effectiveCount: tally.count }
  }
}

/**
 * The proxy for satisfaction of one call, 0 to 1; nobody is asked. The Apdex of its answers (alliance definition:
 * satisfied within T, tolerating within 4T), a tenth off for each answer that began over the caller, each hole in the
 * sound and each interruption that was not heeded within half a second; nothing for a call that did not come to its
 * end or to a person.
 */
function scoreOf(call: Readonly<PhoneRecord>, { turns, score }: Readonly<Heard>): number {
  if (call.ending !== 'completed' && call.ending !== 'escalated') return 0
  const { bargeInStopMs } = call
  let unheeded = 0
  for (let i = 0; i < bargeInStopMs.length; i++) if (bargeInStopMs[i]! > soonStoppedMs) unheeded++
  const apdex = turns === 0 ? 1 : score / turns
  return apdex * 0.9 ** (call.talkedOver + call.gaps + unheeded)
}
