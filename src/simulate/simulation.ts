import { EventQueue } from '../clock/event-queue.ts'
import type { AnsweredTurns } from '../result/answered-turns.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import type { RecordSink } from '../result/records.ts'
import { createSessions } from '../sessions/sessions.ts'
import { Uniforms } from '../sessions/uniform.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { Agent } from './agent.ts'
import { Clients } from './clients.ts'
import { Durations } from './durations.ts'
import { events } from './events.ts'
import { Meter } from './meter.ts'
import { Callers } from './phone/callers.ts'
import { CallMeter } from './phone/call-meter.ts'
import { type SoundLoad, soundLoad } from './phone/sound-load.ts'
import { isPlain, PlainWorld } from './plain-world.ts'
import { type QuotaWatch, quotaWatch } from './quota-watch.ts'
import { RuleCounts } from './rule-counts.ts'
import { StandingStill } from './standing-still.ts'
import { Users } from './users.ts'
import type { World } from './world.ts'

/**
 * Events that are handled at once: some tens of milliseconds. Also where nobody looks in between: V8 makes better code
 * of a loop that ends now and then than of one for all events of a run, by 4 ns an event.
 */
const eventsAtOnce = 50_000

/** More events in one instant than this, with so many more for each user, are no rush: time stands still. */
const mostAtOnce = 500_000
const mostAtOncePerUser = 50

/** Points of a series over time, unless asked otherwise. */
export const usualSeriesPoints = 60

/** One run: its load, its seed, and how long it lasts in milliseconds of virtual time. */
export interface SimulationOptions {
  readonly level: Level
  readonly seed: number
  readonly warmupMs: number
  readonly measuredMs: number
  /** Of the whole run, warm-up included; 60 where not said. */
  readonly seriesPoints?: number
}

/** Whether sessions are calls by telephone: they come at a rate. */
export function isOfCalls({ phone }: Workload, level: Level): boolean {
  return phone !== undefined && phone.alone && 'sessionsPerSecond' in level
}

/** One run on the virtual clock: the users, the agent and what is behind it, driven by one queue of events. */
export class Simulation {
  readonly agent: Agent
  readonly meter: Meter
  readonly counts: RuleCounts
  /** Events handled so far. */
  events = 0
  /** Stands for the users where the file knows calls by telephone alone. */
  readonly calls: Callers | undefined
  /** What their sound takes of the agent's event loops, where the file says so. */
  readonly sound: SoundLoad | undefined
  readonly #world: World
  readonly #users: Users
  /** Stands for the users and the agent where nothing of an agent but its slots matters. */
  readonly #plain: PlainWorld | undefined
  readonly #quotas: QuotaWatch | undefined
  readonly #endMs: number
  readonly #seriesPoints: number
  /** Events of the present instant, as far as whole slices were filled with them. */
  #atOnce = 0
  readonly #mostAtOnce: number

  /**
   * `tell` hears of every turn and call; `tellMany` instead of it of answered turns where they come in blocks (see
   * `PlainWorld`); `tellCall` of calls by telephone.
   */
  constructor(
    workload: Workload,
    options: SimulationOptions,
    tell: RecordSink,
    tellMany: (turns: AnsweredTurns) => void = (turns) => turns.tellEach(tell),
    tellCall: (call: Readonly<PhoneRecord>) => void = () => {},
  ) {
    const { level, seed, warmupMs, measuredMs } = options
    this.#endMs = warmupMs + measuredMs
    this.#seriesPoints = options.seriesPoints ?? usualSeriesPoints
    this.#mostAtOnce = mostAtOnce + mostAtOncePerUser * ('users' in level ? level.users : 0)
    const window = { fromMs: warmupMs, toMs: this.#endMs }
    const queue = new EventQueue()
    const callMeter = isOfCalls(workload, level) ? new CallMeter(queue, window, workload, tell) : undefined
    this.meter = callMeter ?? new Meter(queue, window, workload, tell)
    this.counts = new RuleCounts(workload.models.length, workload.tools.length)
    this.sound = callMeter && soundLoad(workload.agent, queue, window)
    const sessions = createSessions(workload, seed, level)
    const uniforms = new Uniforms(seed)
    this.#world = {
      workload,
      sessions,
      durations: new Durations(workload, sessions, uniforms),
      uniforms,
      queue,
      deadlines: new Map(),
      clients: new Clients(queue, 'users' in level ? Math.max(1, level.users) : 64),
      meter: this.meter,
      counts: this.counts,
      sound: this.sound,
    }
    this.agent = new Agent(this.#world, (client, outcome) =>
      this.calls ? this.calls.turnEnded(client) : this.#users.turnEnded(client, outcome),
    )
    this.#users = new Users(this.#world, this.agent, level)
    if (callMeter) this.calls = new Callers(this.#world, this.agent, callMeter, workload.phone!, tellCall)
    else if (isPlain(workload)) this.#plain = new PlainWorld(this.#world, this.agent.workers, level, tellMany)
    ;(this.calls ?? this.#plain ?? this.#users).begin()
    this.agent.servers.begin()
    this.#planBucket(0)
    this.#quotas = quotaWatch(this.agent.models.endpoints, queue, this.#endMs / this.#seriesPoints)
  }

  /** Handles all events until the end of the run. */
  run(): void {
    while (!this.goOn());
  }

  /** Handles events for some tens of milliseconds; true when the end of the run is reached. */
  goOn(): boolean {
    const { queue } = this.#world
    const until = this.events + eventsAtOnce
    const fromMs = queue.atMs
    while (this.events < until) {
      if (!queue.popBefore(this.#endMs)) {
        this.#closeBucket(this.#endMs)
        this.calls?.cut(this.#endMs)
        return true
      }
      this.events++
      if (this.#plain?.handle()) continue
      this.#handle()
    }
    this.#atOnce = queue.atMs === fromMs ? this.#atOnce + eventsAtOnce : 0
    if (this.#atOnce > this.#mostAtOnce) throw new StandingStill(queue.atMs)
    return false
  }

  /** Handles the event that the queue took out last. It is read there: V8 boxes a number that is handed to what it does not inline. */
  #handle(): void {
    const { queue } = this.#world
    const { kind, subject, generation } = queue
    // The most frequent kind by far, asked for first.
    if (kind === events.phaseEnd) {
      if (this.#world.clients.generation[subject] === generation) this.agent.phaseEnd(subject)
      return
    }
    switch (kind) {
      case events.send:
        this.#users.send(subject)
        return
      case events.arrival:
        ;(this.calls ?? this.#users).arrive()
        return
      case events.caller:
        this.calls!.due(subject, generation)
        return
      case events.vendorWake:
        this.calls!.chain.wake(subject, generation)
        return
      case events.vendorFree:
        this.calls!.chain.free(subject, generation)
        return
      case events.besideSound:
        this.sound!.wake(generation)
        return
      case events.toolEnd:
        this.agent.tools.end(subject, generation)
        return
      case events.engineStation:
        this.agent.models.wakeEngine(subject, generation)
        return
      case events.toolLimit:
        this.agent.tools.limit(subject, generation)
        return
      case events.stateStation:
        this.agent.store!.wake(generation)
        return
      case events.scale:
        this.agent.servers.look()
        return
      case events.serverReady:
      case events.serverBack:
        this.agent.servers.ready(subject)
        return
      case events.serverFails:
        this.agent.servers.fail(subject, generation)
        return
      case events.series:
        this.#closeBucket(queue.atMs)
        this.#planBucket(queue.atMs)
        return
      case events.quotaLook:
        this.#quotas!.look()
        this.events--
        return
      case events.deadlines:
        this.#world.deadlines.get(subject)!.enter(generation)
        // Nothing of the model has happened.
        this.events--
        return
      default:
        if (this.#world.clients.generation[subject] === generation) this.#handleTurn(kind, subject)
    }
  }

  #handleTurn(kind: number, client: number): void {
    switch (kind) {
      case events.firstToken:
        this.agent.loops.firstToken(client)
        return
      case events.relay:
        this.agent.models.relays.relay(client)
        return
      case events.liveOutput:
        this.agent.models.lookAt(client)
        return
      case events.callLimit:
        this.agent.models.limit(client)
        return
      case events.turnLimit:
        this.agent.stop(client, 'failed')
        return
      case events.patience:
        this.#users.loseHeart(client)
        return
      default:
        throw new Error(`unknown event ${kind}`)
    }
  }

  #closeBucket(atMs: number): void {
    this.#plain?.flush()
    this.meter.closeBucket(atMs, this.#quotas?.read())
  }

  #planBucket(atMs: number): void {
    const nextMs = atMs + this.#endMs / this.#seriesPoints
    if (nextMs < this.#endMs * (1 - 0.5 / this.#seriesPoints))
      this.#world.queue.at(nextMs).push(events.series, 0, 0)
  }
}
