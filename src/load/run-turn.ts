import type { ModelUsage } from '../wire/model-answer.ts'
import type { Tags, TurnRecord } from '../result/records.ts'
import { textMarker, traceparent } from '../sessions/turn-key.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Expectation, Workload } from '../workload/workload.ts'
import { behaveThrough } from './behave-through.ts'
import type { CrewPart } from './crew.ts'
import type { Driver, DriverResult, DriverTurn, ReadableExchange, TurnObserver } from './driver.ts'
import { type Said, saidIn, tellsEnding } from './ending-watch.ts'
import type { RunClock } from './edge/run-clock.ts'
import type { InterTokenTally, TokenGaps } from './inter-token-tally.ts'
import { offAbort, onAbort } from './many-listeners.ts'
import { RefusalWatch } from './refusal-watch.ts'
import type { Script } from './script/script.ts'
import { TurnCut, type TurnSignal } from './turn-signal.ts'
import type { UserBehaviour } from './user-behaviour.ts'

/** What every turn of a run shares. */
export interface TurnContext {
  readonly workload: Workload
  readonly sessions: Sessions
  readonly clock: RunClock
  readonly driver: Driver
  /** 32-bit name of the run, carried by traces and markers. */
  readonly run: number
  readonly marker: 'suffix' | 'none'
  /** A turn without an answer fails after this long; workload time. */
  readonly turnTimeoutMs: number
  /** Aborted when turns in flight are to be cut. */
  readonly cut: AbortSignal
  readonly interToken: InterTokenTally | undefined
  /** Sessions at once, of all crews together, beyond which open arrivals are turned away. */
  readonly maxUsers?: number
  /** What users do beside sending and waiting, where the file has any of it. */
  readonly behaviour?: UserBehaviour
  /** Second sends that nobody waits for; the run does, at its end. */
  readonly duplicates?: Set<Promise<unknown>>
  /** What users do instead of the file's turns, by scenario. */
  readonly scripts?: readonly (Script | undefined)[]
  /** Which of the users are played here; all where absent. */
  readonly part?: CrewPart
  /** Asked before each turn; false where a limit that others share is reached. */
  readonly mayBegin?: () => boolean
}

export interface TurnPlan {
  readonly session: number
  readonly turn: number
  readonly intendedAtMs: number
  readonly last: boolean
  /** What a script says; the text of the answer is kept for it. Else the file's words. */
  readonly say?: string
  readonly tags?: Tags
}

export interface EndedTurn {
  readonly record: TurnRecord
  /** For people: what went wrong, or was worth a word, in one line. */
  readonly message: string | undefined
  /** What the target said that its answers cost in tokens. */
  readonly usage: ModelUsage | undefined
  /** What the answer says of the conversation, where the file has words for it. */
  readonly said?: Said
  /** Of the answer, where a script said something. */
  readonly text?: string
}

type Reason = 'abandoned' | 'timeout' | 'cut'

const keptTextCharacters = 256_000

/** Sends one message, waits as long as the user would, and says what happened. */
export async function runTurn(context: TurnContext, plan: TurnPlan): Promise<EndedTurn> {
  const { workload, sessions, clock, behaviour } = context
  const key = { run: context.run, session: plan.session, turn: plan.turn }
  const said = plan.say ?? sessions.text(plan.session, plan.turn)
  const sentAtMs = clock.now()
  const watch = new TurnWatch(context, plan, sentAtMs)
  const message: DriverTurn = {
    session: plan.session,
    turn: plan.turn,
    text: context.marker === 'suffix' ? `${said} ${textMarker(key)}` : said,
    traceparent: traceparent(key),
    last: plan.last,
  }
  const result = behaviour
    ? await behaveThrough(context, behaviour, message, watch)
    : await context.driver.turn(message, watch, watch.signal)
  if (!behaviour) watch.refusals.ended(result)
  const endedAtMs = clock.now()
  watch.end()
  const scenario = sessions.scenario(plan.session)
  const { expect } = workload.scenarios[scenario]!
  const final = watch.judge(result, expect, endedAtMs - sentAtMs)
  const ending = tellsEnding(expect) ? saidIn(expect, watch.textSeen) : undefined
  const refusals = watch.refusals.read(endedAtMs)
  const record: TurnRecord = {
    kind: 'turn',
    session: plan.session,
    turn: plan.turn,
    scenario,
    intendedAtMs: plan.intendedAtMs,
    sentAtMs,
    firstTokenAtMs: watch.firstTokenAtMs,
    endedAtMs,
    tokens: watch.tokens,
    outcome: final.outcome,
    errorKind: final.errorKind,
    status: watch.statusCode,
    usefulAtMs: watch.usefulAtMs(final.outcome === 'completed'),
    ...(refusals ? { refusals } : {}),
    ...(plan.tags ? { tags: plan.tags } : {}),
  }
  return {
    record,
    message: final.message ?? watch.remark,
    usage: watch.usageSeen,
    ...(ending ? { said: ending } : {}),
    ...(plan.say === undefined ? {} : { text: watch.textSeen }),
  }
}

/** Text that says something: more than blanks. */
const words = /\S/

/** One turn under way: the user's patience, and what has arrived so far. */
export class TurnWatch implements TurnObserver {
  readonly refusals: RefusalWatch
  firstTokenAtMs = NaN
  tokens = 0
  statusCode = 0
  usageSeen: ModelUsage | undefined
  /** For people, of a turn that went well all the same. */
  remark: string | undefined
  /** Told once for each attempt, at its first text. */
  onFirstText: ((exchange: ReadableExchange | undefined) => void) | undefined
  readonly #own = new TurnCut()
  readonly #alarms: { cancel(): void }[] = []
  readonly #interToken: TokenGaps | undefined
  readonly #keepText: boolean
  readonly #patienceOfFirstToken: boolean
  readonly #cut: AbortSignal
  readonly #onCut = (): void => this.#stop('cut')
  #reason: Reason | undefined
  #exchange: ReadableExchange | undefined
  #lastTokenAtMs = NaN
  #text = ''
  /** Of the first text with words since the agent last showed that it works; the one before, should none follow. */
  #usefulAtMs = NaN
  #usefulBeforeMs = NaN
  #awaitsWords = true
  #wordsCame = false

  constructor(context: TurnContext, plan: TurnPlan, sentAtMs: number) {
    const { workload, sessions, clock } = context
    const expect = workload.scenarios[sessions.scenario(plan.session)]!.expect
    this.refusals = new RefusalWatch(sentAtMs)
    this.#interToken = context.interToken?.of(sessions.scenario(plan.session), plan.turn)
    this.#keepText = expect?.contains !== undefined || tellsEnding(expect) || plan.say !== undefined
    this.#patienceOfFirstToken = workload.users.patience?.of === 'firstToken'
    const patienceMs = sessions.patienceMs(plan.session, plan.turn)
    if (Number.isFinite(patienceMs))
      this.#alarms.push(clock.at(sentAtMs + patienceMs, () => this.#stop('abandoned')))
    if (this.#patienceOfFirstToken || !(patienceMs <= context.turnTimeoutMs))
      this.#alarms.push(clock.at(sentAtMs + context.turnTimeoutMs, () => this.#stop('timeout')))
    this.#cut = context.cut
    if (this.#cut.aborted) this.#stop('cut')
    else onAbort(this.#cut, this.#onCut)
  }

  get signal(): TurnSignal {
    return this.#own
  }

  get textSeen(): string {
    return this.#text
  }

  /** Another attempt at the same message begins; what the user saw first stays. */
  again(atMs: number): void {
    this.refusals.began(atMs)
    this.#lastTokenAtMs = NaN
    this.#text = ''
    this.tokens = 0
    this.#exchange = undefined
  }

  token(atMs: number, count: number): void {
    if (Number.isNaN(this.#lastTokenAtMs)) {
      if (Number.isNaN(this.firstTokenAtMs)) this.firstTokenAtMs = atMs
      if (this.#patienceOfFirstToken) this.#alarms[0]?.cancel()
      this.onFirstText?.(this.#exchange)
    } else if (count > 0) this.#interToken?.add(atMs, (atMs - this.#lastTokenAtMs) / count, count)
    if (this.#wordsCame) {
      this.#usefulAtMs = atMs
      this.#wordsCame = false
    }
    this.#lastTokenAtMs = atMs
    this.tokens += count
  }

  status(code: number): void {
    this.statusCode = code
  }

  usage(tokens: ModelUsage): void {
    this.usageSeen = tokens
  }

  sentAgain(): void {
    this.remark = 'sent again over a new connection, as the target had just closed the idle one'
  }

  exchange(exchange: ReadableExchange): void {
    this.#exchange = exchange
  }

  /** The agent thinks, calls a tool or says how far it is: what it had said before was no answer yet. */
  working(): void {
    if (!Number.isNaN(this.#usefulAtMs)) this.#usefulBeforeMs = this.#usefulAtMs
    this.#usefulAtMs = NaN
    this.#awaitsWords = true
  }

  /** NaN where there was no useful text; of a whole answer the last there was, should nothing follow the last work. */
  usefulAtMs(isWhole: boolean): number {
    return isWhole && Number.isNaN(this.#usefulAtMs) ? this.#usefulBeforeMs : this.#usefulAtMs
  }

  get wantsText(): boolean {
    return this.#awaitsWords || this.#keepText
  }

  text(part: string): void {
    if (this.#awaitsWords && words.test(part)) {
      this.#awaitsWords = false
      this.#wordsCame = true
    }
    if (this.#keepText && this.#text.length < keptTextCharacters) this.#text += part
  }

  end(): void {
    for (const alarm of this.#alarms) alarm.cancel()
    offAbort(this.#cut, this.#onCut)
  }

  /** The driver's result, as the user saw it. */
  judge(result: DriverResult, expect: Expectation | undefined, tookMs: number): DriverResult {
    if (this.#reason && result.outcome === 'abandoned') return results[this.#reason]
    if (!expect) return result
    const unmet = this.#unmet(result, expect, tookMs)
    return unmet ? { outcome: 'failed', errorKind: 'unexpected', message: unmet } : result
  }

  #unmet(result: DriverResult, expect: Expectation, tookMs: number): string | undefined {
    if (result.outcome !== 'completed') return undefined
    if (expect.status !== undefined && this.statusCode !== expect.status)
      return `expected status ${expect.status}, got ${this.statusCode}`
    if (expect.contains !== undefined && !this.#text.includes(expect.contains))
      return `expected an answer that contains «${expect.contains}»`
    if (expect.underMs !== undefined && tookMs >= expect.underMs)
      return `expected an answer in under ${expect.underMs} ms, took ${Math.round(tookMs)} ms`
    return undefined
  }

  #stop(reason: Reason): void {
    this.#reason ??= reason
    this.#own.abort()
  }
}

const results: Record<Reason, DriverResult> = {
  abandoned: { outcome: 'abandoned', errorKind: 'abandoned' },
  timeout: {
    outcome: 'failed',
    errorKind: 'timeout',
    message: 'no whole answer within the time limit of a turn',
  },
  cut: { outcome: 'abandoned', errorKind: 'cut' },
}
