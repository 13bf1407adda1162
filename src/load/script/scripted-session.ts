import type { ScriptSample, Tags } from '../../result/records.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { durationUnit } from '../../workload/quantity.ts'
import { parseDistribution } from '../../workload/parse-distribution.ts'
import { Mistake } from '../../workload/mistake.ts'
import type { UserAnswer, UserRequest } from '../driver.ts'
import type { EndedTurn, TurnPlan } from '../run-turn.ts'
import { readReply, requestOf } from './script-request.ts'
import type { Answer, Reply, ScriptContext, ScriptRequest } from './scenario.ts'
import { ScriptMistake } from './script-failure.ts'
import type { Script } from './script.ts'

/** What the run lends to a session that a script plays. */
export interface Stage {
  readonly sessions: Sessions
  readonly scenarioName: string
  now(): number
  /** True at the instant, false as soon as the session is to end before it. */
  until(atMs: number): Promise<boolean>
  /** The session is to end: the run is over, or its user's time. */
  isOver(): boolean
  /** Tells when nobody waits for the session any longer, until that is taken back. */
  onGivenUp(tell: () => void): () => void
  /** Sends a message; a user who leaves for good after it says so by `left`. */
  say(
    plan: Omit<TurnPlan, 'session' | 'last'>,
  ): Promise<{ readonly ended: EndedTurn; readonly left: boolean }>
  /** Sends a request that is no turn; undefined where the driver cannot. */
  readonly request: ((request: UserRequest, timeoutMs: number) => Promise<UserAnswer>) | undefined
  sampled(sample: ScriptSample): void
}

/** Whose session it is. */
export interface Player {
  readonly session: number
  readonly user: number
  readonly iteration: number
}

/** Thrown into a script whose session ends from outside: no mistake of anybody's. */
export class SessionOver extends Error {
  constructor() {
    super('the session is over')
  }
}

const usualTimeoutMs = 60_000

/** Purposes of draws: see `Sessions.uniform`. */
const purposes = { random: 48, think: 49 } as const

/** One session that a script plays: what its functions do, and when it is over. */
export class ScriptedSession {
  readonly #stage: Stage
  readonly #player: Player
  readonly #tags: Tags | undefined
  readonly #never: Promise<void>
  #ignore!: () => void
  #isOver = false
  #turn = 0
  #draws = 0
  #thoughts = 0
  #intendedAtMs: number | undefined
  #speaking: Promise<unknown> | undefined
  readonly #requests = new Set<Promise<unknown>>()

  constructor(script: Script, player: Player, stage: Stage) {
    this.#stage = stage
    this.#player = player
    this.#tags = script.definition.options.tags
    this.#never = new Promise((resolve) => (this.#ignore = resolve))
  }

  /** The next message of the session, from 0. */
  get nextTurn(): number {
    return this.#turn
  }

  get isOver(): boolean {
    return this.#isOver
  }

  /** Resolves where a script goes on after it was told that its session is over. */
  get ignored(): Promise<void> {
    return this.#never
  }

  /** The session is over, whatever its script still does: nothing that it calls is answered any more. */
  giveUp(): void {
    this.#isOver = true
  }

  /** Resolves when no answer is awaited any more. */
  async silent(): Promise<void> {
    await Promise.all([this.#speaking, ...this.#requests])
  }

  /** What the script is called with. Its functions need no `this`. */
  context<State>(
    data: Readonly<Record<string, readonly unknown[]>>,
    state: State,
  ): ScriptContext<typeof data, State> {
    const { session, user, iteration } = this.#player
    const random = (): number => this.#draw(this.#draws++, purposes.random)
    return {
      agent: {
        say: (text, options) => handled(this.#say(text, options?.tags)),
        request: (path, request) => handled(this.#request(path, request)),
      },
      user: {
        id: user,
        session,
        iteration,
        scenario: this.#stage.scenarioName,
        random,
        pick: (list) => list[Math.floor(random() * sizeOf(list, 'user.pick'))]!,
        own: (list) => list[user % sizeOf(list, 'user.own')]!,
      },
      data,
      state,
      think: (time) => handled(this.#think(time)),
      check: (name, ok, tags) => {
        this.#note('check', name, Number(Boolean(ok)), tags)
        return Boolean(ok)
      },
      count: (name, add = 1, tags) => this.#note('count', name, add, tags),
      rate: (name, was, tags) => this.#note('rate', name, Number(Boolean(was)), tags),
      trend: (name, value, tags) => this.#note('trend', name, value, tags),
    }
  }

  async #say(text: string, tags: Tags | undefined): Promise<Answer> {
    if (typeof text !== 'string' || text === '')
      throw new ScriptMistake('agent.say takes a text that is not empty')
    if (this.#speaking)
      throw new ScriptMistake('agent.say before the last answer came: await one before the next')
    if (this.#mustEnd()) await this.#end()
    const turn = this.#turn++
    const intendedAtMs = this.#intendedAtMs ?? this.#stage.now()
    this.#intendedAtMs = undefined
    const all = this.#with(tags)
    const speaking = this.#stage.say({ turn, intendedAtMs, say: text, ...(all ? { tags: all } : {}) })
    this.#speaking = speaking.catch(() => {})
    const { ended, left } = await speaking.finally(() => (this.#speaking = undefined))
    if (left || ended.record.errorKind === 'cut') await this.#end()
    return answerOf(ended)
  }

  async #request(path: string, request: ScriptRequest = {}): Promise<Reply> {
    const { request: send } = this.#stage
    if (!send) throw new ScriptMistake('agent.request needs a driver that speaks HTTP')
    const sent = requestOf(this.#player.session, path, request)
    if (this.#mustEnd()) await this.#end()
    const sentAtMs = this.#stage.now()
    const asking = send(sent, request.timeoutMs ?? usualTimeoutMs)
    const settled = asking.catch(() => {})
    this.#requests.add(settled)
    const answer = await asking.finally(() => this.#requests.delete(settled))
    if ('fault' in answer && answer.fault.errorKind === 'cut') await this.#end()
    const reply = readReply(answer, this.#stage.now() - sentAtMs)
    this.#note('trend', 'request_ms', reply.latencyMs, request.tags)
    this.#note('rate', 'request_failed', Number(!reply.ok), request.tags)
    return reply
  }

  async #think(time: number | string | undefined): Promise<void> {
    if (this.#mustEnd()) await this.#end()
    const untilMs = this.#stage.now() + this.#thinkMs(time)
    if (!(await this.#stage.until(untilMs))) await this.#end()
    this.#intendedAtMs = untilMs
  }

  #thinkMs(time: number | string | undefined): number {
    if (time === undefined) return this.#stage.sessions.thinkMs(this.#player.session, this.#turn)
    if (typeof time === 'number') {
      if (time >= 0 && time < Infinity) return time
      throw new ScriptMistake(`think takes milliseconds, not ${time}`)
    }
    return thinkTime(time).quantile(this.#draw(this.#thoughts++, purposes.think))
  }

  #note(kind: ScriptSample['kind'], name: string, value: number, tags: Tags | undefined): void {
    if (typeof name !== 'string' || (!/^[a-z_]\w*$/i.test(name) && kind !== 'check'))
      throw new ScriptMistake(`a ${kind} is named by letters, digits and _, not «${name}»`)
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new ScriptMistake(`${kind} ${name}: ${String(value)} is not a number`)
    const all = this.#with(tags)
    const { scenarioName: scenario } = this.#stage
    this.#stage.sampled({
      kind,
      name,
      value,
      atMs: this.#stage.now(),
      scenario,
      ...(all ? { tags: all } : {}),
    })
  }

  #with(tags: Tags | undefined): Tags | undefined {
    return this.#tags && tags ? { ...this.#tags, ...tags } : (tags ?? this.#tags)
  }

  #draw(ordinal: number, purpose: number): number {
    return this.#stage.sessions.uniform(this.#player.session, ordinal, 0, 0, purpose)
  }

  #mustEnd(): boolean {
    return this.#isOver || this.#stage.isOver()
  }

  /** The first time the script is told; one that goes on all the same waits here for ever, and holds up nobody. */
  #end(): Promise<never> {
    if (!this.#isOver) {
      this.#isOver = true
      throw new SessionOver()
    }
    this.#ignore()
    return new Promise<never>(() => {})
  }
}

/** A promise that nobody awaits must not end the process. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

function sizeOf(list: readonly unknown[], what: string): number {
  if (!Array.isArray(list) || list.length === 0)
    throw new ScriptMistake(`${what} takes a list that is not empty`)
  return list.length
}

const thinkTimes = new Map<string, ReturnType<typeof parseDistribution>>()

function thinkTime(text: string): ReturnType<typeof parseDistribution> {
  const known = thinkTimes.get(text)
  if (known) return known
  try {
    const read = parseDistribution(text, durationUnit)
    thinkTimes.set(text, read)
    return read
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    throw new ScriptMistake(`think: ${error.message}${error.hint ? ` (${error.hint})` : ''}`)
  }
}

function answerOf({ record, message, text = '' }: EndedTurn): Answer {
  const { outcome, errorKind, status, sentAtMs, firstTokenAtMs, endedAtMs, tokens, turn } = record
  return {
    ok: outcome === 'completed',
    text,
    outcome,
    errorKind,
    status,
    ...(Number.isNaN(firstTokenAtMs) ? {} : { ttftMs: firstTokenAtMs - sentAtMs }),
    latencyMs: endedAtMs - sentAtMs,
    tokens,
    turn,
    ...(message === undefined ? {} : { message }),
  }
}
