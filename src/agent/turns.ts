import { randomUUID } from 'node:crypto'
import { withoutMark } from '../sessions/turn-key.ts'
import type { StageTimings } from '../wire/session-api.ts'
import type { Workload } from '../workload/workload.ts'
import { Admission } from './admission.ts'
import { inSeconds } from './in-seconds.ts'
import { Metrics, type TurnEnd } from './metrics.ts'
import type { TurnFailure, TurnJob, TurnResult, WorkerSettings } from './messages.ts'
import { userMessage } from './prompt.ts'
import { type Session, SessionStore } from './session-store.ts'
import { traceOf } from './trace.ts'
import { drawTurn, modelOf, turnKey } from './turn-draws.ts'
import { type WorkerPool, startWorkers } from './worker-pool.ts'

export interface TurnsOptions {
  readonly speed: number
  readonly now: () => number
  readonly alarm: (ms: number, ring: () => void) => () => void
  readonly limits: {
    readonly sessions: number
    readonly idleMs: number
    readonly messages: number
    readonly perSession: number
  }
}

export interface TurnAnswer {
  readonly turn: number
  readonly content: string
  readonly modelCalls: number
  readonly toolCalls: number
  readonly timings: StageTimings
}

/** Who asked for a turn and wants to hear about it. Exactly one of `answered` and `failed` comes, and it comes last. */
export interface TurnListener {
  text(text: string, tokens: number): void
  answered(answer: TurnAnswer): void
  failed(failure: TurnFailure): void
}

export interface Question {
  readonly content: string
  readonly traceparent: string | undefined
  readonly stream: boolean
}

interface Turn {
  readonly session: Session
  readonly number: number
  readonly question: Question
  readonly listener: TurnListener
  readonly arrivedAtMs: number
  startedAtMs: number
  worker: number
  job: TurnJob | undefined
  disarm: () => void
}

/** How much of a new turn time goes into the running mean that Retry-After is guessed from. */
const meanWeight = 0.1
const slowestGuessMs = 60_000

/** The agent without its HTTP: sessions, the line before the slots, the workers, and what they have counted. */
export class Turns {
  readonly metrics = new Metrics()
  readonly sessions: SessionStore
  readonly #workload: Workload
  readonly #options: TurnsOptions
  readonly #admission: Admission
  readonly #slots: number
  readonly #turns = new Map<number, Turn>()
  /** Which scenario says what: the agent's router knows a conversation by its first message. */
  readonly #scenarioOfText = new Map<string, number>()
  #workers!: WorkerPool
  #nextId = 1
  #meanTurnMs = 1000

  private constructor(workload: Workload, options: TurnsOptions) {
    const { agent } = workload
    const workers = workerCount(workload)
    this.#workload = workload
    this.#options = options
    this.#slots = workers * slotsPerWorker(workload)
    this.#admission = new Admission(
      {
        workers,
        concurrency: slotsPerWorker(workload),
        queue: agent.queue,
        ...(agent.admission ? { rule: agent.admission } : {}),
        perSession: options.limits.perSession,
      },
      (turn, worker) => this.#start(turn, worker),
      (turn) => this.#stop(turn, 'overloaded', this.#refused('overloaded', this.#turns.get(turn)!.session)),
    )
    this.sessions = new SessionStore(options.limits, (id) => this.#admission.isBusy(id))
    for (const [index, scenario] of workload.scenarios.entries())
      for (const text of scenario.conversations?.texts.flat() ?? scenario.say)
        if (!this.#scenarioOfText.has(text)) this.#scenarioOfText.set(text, index)
  }

  /** Starts the workers. */
  static async open(workload: Workload, settings: WorkerSettings, options: TurnsOptions): Promise<Turns> {
    const turns = new Turns(workload, options)
    turns.#workers = await startWorkers(workerCount(workload), settings, {
      text: (id, text, tokens) => turns.#turns.get(id)?.listener.text(text, tokens),
      end: (id, result) => turns.#ended(id, result),
      died: (worker) => turns.#workerDied(worker),
    })
    return turns
  }

  get inFlight(): number {
    return this.#admission.running
  }

  get waiting(): number {
    return this.#admission.waiting
  }

  utilisation(): number[] {
    return this.#workers.utilisation()
  }

  openSession(): Session | undefined {
    return this.sessions.open(randomUUID(), this.#options.now())
  }

  session(id: string): Session | undefined {
    return this.sessions.use(id, this.#options.now())
  }

  /** Takes a turn in; the result gives it up. */
  ask(session: Session, question: Question, listener: TurnListener): () => void {
    const id = this.#nextId++
    const now = this.#options.now()
    const turn: Turn = {
      session,
      number: session.turns,
      question,
      listener,
      arrivedAtMs: now,
      startedAtMs: now,
      worker: -1,
      job: undefined,
      disarm: () => {},
    }
    this.#turns.set(id, turn)
    session.scenario ??= this.#route(question.content)
    const { priority } = this.#workload.scenarios[session.scenario]!
    const refusal = this.#admission.arrive(id, session.id, priority)
    if (refusal) {
      this.#turns.delete(id)
      this.metrics.turnEnded(refusal)
      listener.failed(this.#refused(refusal, session))
      return () => {}
    }
    session.turns++
    const limitMs = this.#workload.agent.limits.turnMs / this.#options.speed
    if (limitMs !== Infinity)
      turn.disarm = this.#options.alarm(limitMs, () =>
        this.#stop(id, 'timeout', {
          code: 'timeout',
          message: `the turn took longer than ${inSeconds(limitMs)}`,
        }),
      )
    return () => this.#stop(id, 'abandoned')
  }

  async close(): Promise<void> {
    for (const id of this.#turns.keys())
      this.#stop(id, 'abandoned', { code: 'internal', message: 'the agent is shutting down' })
    await this.#workers.close()
  }

  #refused(code: 'overloaded' | 'busy', session: Session): TurnFailure {
    const ahead =
      code === 'busy' ? this.#admission.waitingOf(session.id) : this.#admission.waiting / this.#slots
    const retryAfterMs = Math.min(slowestGuessMs, Math.ceil(this.#meanTurnMs * (ahead + 1)))
    const why = code === 'busy' ? 'this session has too many messages waiting' : 'the agent is at its limit'
    return { code, message: `${why}; retry in ${inSeconds(retryAfterMs)}`, retryAfterMs }
  }

  #start(id: number, worker: number): void {
    const turn = this.#turns.get(id)!
    turn.worker = worker
    turn.startedAtMs = this.#options.now()
    turn.job = this.#jobOf(id, turn)
    this.#workers.start(worker, turn.job)
  }

  #jobOf(id: number, { session, number, question }: Turn): TurnJob {
    const workload = this.#workload
    const scenario = workload.scenarios[session.scenario!]!
    const key = turnKey(question.traceparent, session.id, number)
    const { systemTokens, messageTokens, waits } = drawTurn(
      workload,
      scenario.input,
      key,
      this.#options.speed,
    )
    return {
      id,
      key,
      traceparent: traceOf(question.traceparent),
      model: modelOf(scenario, key),
      systemTokens,
      history: session.history,
      message: userMessage(question.content, messageTokens),
      waits,
      stream: question.stream,
    }
  }

  /** The scenario that says this (a mark of the load test may stand after it), else the first. */
  #route(text: string): number {
    return this.#scenarioOfText.get(withoutMark(text)) ?? 0
  }

  #ended(id: number, result: TurnResult): void {
    this.metrics.worked(result)
    const turn = this.#turns.get(id)
    if (!turn) return
    if (!result.ok) return this.#stop(id, result.failure.code, result.failure)
    const { session, job } = turn
    const scenario = this.#workload.scenarios[session.scenario!]!
    const answer = { role: 'assistant' as const, text: result.content, padTokens: 0 }
    this.sessions.remember(session, job!.message, answer, scenario.input.historyMessages)
    const timings = { queue: turn.startedAtMs - turn.arrivedAtMs, ...result.timings }
    this.#meanTurnMs += meanWeight * (this.#options.now() - turn.startedAtMs - this.#meanTurnMs)
    this.metrics.stages(timings)
    this.#leave(id, turn, 'completed')
    turn.listener.answered({
      turn: turn.number,
      content: result.content,
      modelCalls: result.modelCalls,
      toolCalls: result.toolCalls,
      timings,
    })
  }

  /** Ends a turn without an answer; the worker is told, and the slot is free at once. */
  #stop(id: number, end: TurnEnd, failure?: TurnFailure): void {
    const turn = this.#turns.get(id)
    if (!turn) return
    if (turn.worker >= 0) this.#workers.cancel(turn.worker, id)
    this.#leave(id, turn, end)
    if (failure) turn.listener.failed(failure)
  }

  #leave(id: number, turn: Turn, end: TurnEnd): void {
    this.#turns.delete(id)
    turn.disarm()
    this.metrics.turnEnded(end)
    this.#admission.leave(id)
  }

  #workerDied(worker: number): void {
    // Known before any of them is ended: who waits for its slot begins at the worker that takes this one's place.
    const lost = [...this.#turns].filter(([, turn]) => turn.worker === worker)
    for (const [id] of lost)
      this.#stop(id, 'internal', { code: 'internal', message: 'a worker of the agent died' })
  }
}

/** Without a limit in the file one event loop runs everything. */
function workerCount({ agent }: Workload): number {
  return agent.workers === Infinity ? 1 : agent.workers
}

function slotsPerWorker({ agent }: Workload): number {
  return agent.workers === Infinity ? Infinity : agent.concurrency
}
