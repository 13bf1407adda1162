import { answeredColumns, AnsweredTurns } from '../result/answered-turns.ts'
import type { Sessions } from '../sessions/sessions.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { Durations } from './durations.ts'
import { events } from './events.ts'
import { WaitingLine } from './waiting-line.ts'
import type { Workers } from './workers.ts'
import type { EventQueue } from '../clock/event-queue.ts'
import type { Meter } from './meter.ts'
import type { World } from './world.ts'

// What is known of a client: a row of numbers, so that it lies together in memory. First what is told of its turn.
const { session, turn, scenario, model, inputTokens, cachedTokens, outputTokens } = answeredColumns
const { intendedAtMs, sentAtMs, callSentAtMs, firstTokenAtMs, endedAtMs } = answeredColumns
const ttftMs = 12
const streamMs = 13
const turns = 14
/** The scenario whose sizes stand in the row, from 1; 0 while none do. */
const drawnFor = 15
const rowLength = 16

/**
 * The users and the agent of a world in which a turn waits for a slot, holds it while one model call takes its time, and
 * needs nothing else: no event loop, no quota, no engine, no tools, no limit, nobody who gives up. Plays what `Users` and
 * `Agent` play, event for event and record for record, without asking at every step for what the file does not have.
 */
export class PlainWorld {
  readonly #sessions: Sessions
  readonly #durations: Durations
  readonly #queue: EventQueue
  readonly #meter: Meter
  readonly #workers: Workers
  readonly #users: number
  readonly #tell: (turns: AnsweredTurns) => void
  readonly #line = new WaitingLine()
  /** By client, as the line asks for them: nobody gives up. */
  #generations: Int32Array
  readonly #ended: AnsweredTurns
  readonly #cached: readonly number[]
  readonly #fromMs: number
  /** Whether sessions differ in their scenario, or in how many turns they have. */
  readonly #sessionsVary: boolean
  /** By scenario, whether chance decides which model a turn asks, with how many tokens and at what pace. */
  readonly #varies: readonly boolean[]
  /** Turns begun since the last flush, and those of them within the window. */
  #begun = 0
  #begunWithin = 0
  #rows: Float64Array
  /** Open load: the clients that are nobody at present, and the sessions that have come. */
  readonly #free: number[] = []
  #clients = 0
  #arrivals = 0

  constructor(world: World, workers: Workers, level: Level, tell: (turns: AnsweredTurns) => void) {
    const { models, scenarios, users } = world.workload
    this.#sessions = world.sessions
    this.#durations = world.durations
    this.#queue = world.queue
    this.#meter = world.meter
    this.#workers = workers
    this.#users = 'users' in level ? level.users : 0
    this.#tell = tell
    this.#cached = models.map(({ cached }) => cached)
    this.#fromMs = world.meter.window.fromMs
    const [first] = scenarios
    const { turns, turnsPerMinute, conversations } = first!
    this.#sessionsVary =
      scenarios.length > 1 ||
      turns.variance > 0 ||
      turnsPerMinute !== undefined ||
      conversations !== undefined
    const isTrace = users.arrivals?.kind === 'trace'
    this.#varies = scenarios.map(({ input, model, output, routes }) => {
      const { system, message, historyMessages } = input
      const sizes = [system, message, output, models[model]!.perToken]
      return (
        isTrace || routes !== undefined || historyMessages > 0 || sizes.some(({ variance }) => variance > 0)
      )
    })
    const areAlike = scenarios.length === 1 && !this.#varies[0]
    this.#ended = new AnsweredTurns(
      models.map(({ maxTokens = NaN }) => maxTokens),
      areAlike,
      this.#fromMs,
    )
    const clients = Math.max(64, this.#users)
    this.#rows = new Float64Array(clients * rowLength)
    this.#generations = new Int32Array(clients)
  }

  /** Plans everyone's first message. */
  begin(): void {
    if (this.#users === 0) this.#queue.at(this.#sessions.startMs(0)).push(events.arrival, 0, 0)
    for (let user = 0; user < this.#users; user++) {
      const row = this.#beginSession(user, user)
      this.#rows[row + intendedAtMs] = this.#sessions.startMs(user)
      this.#draw(row)
      this.#queue.at(this.#rows[row + intendedAtMs]!).push(events.send, user, 0)
    }
    this.#meter.users.set(this.#users)
  }

  /** Handles the event that the queue took out last; false when it is not one of these. */
  handle(): boolean {
    const { kind, subject } = this.#queue
    if (kind === events.phaseEnd) this.#end(subject)
    else if (kind === events.send) this.#send(subject)
    else if (kind === events.arrival) this.#arrive()
    else return false
    return true
  }

  /** Tells of the turns that have ended and were not told yet. */
  flush(): void {
    const ended = this.#ended
    this.#meter.turnsStarted(this.#begun, this.#begunWithin)
    this.#begun = this.#begunWithin = 0
    if (ended.length === 0) return
    ended.workOut()
    this.#meter.answered(ended)
    this.#tell(ended)
    ended.clear()
  }

  #arrive(): void {
    const { atMs } = this.#queue
    const client = this.#free.pop() ?? this.#clients++
    if ((client + 1) * rowLength > this.#rows.length) this.#grow()
    const row = this.#beginSession(client, this.#arrivals++)
    this.#meter.users.add(1)
    this.#rows[row + intendedAtMs] = atMs
    this.#draw(row)
    this.#queue.at(this.#sessions.startMs(this.#arrivals)).push(events.arrival, 0, 0)
    this.#send(client)
  }

  #send(client: number): void {
    const row = client * rowLength
    const { atMs } = this.#queue
    const isWithin = Number(atMs >= this.#fromMs)
    if (this.#rows[row + turn] === 0) this.#meter.sessionsStarted += isWithin
    this.#rows[row + sentAtMs] = atMs
    this.#begun++
    this.#meter.turnsInFlight.add(1)
    this.#begunWithin += isWithin
    if (this.#workers.hasRoom) {
      this.#workers.take()
      this.#meter.callStarted()
      this.#call(client)
    } else {
      this.#line.push(client, 0)
      this.#meter.waiting.add(1)
    }
  }

  #call(client: number): void {
    const rows = this.#rows
    const row = client * rowLength
    const { atMs } = this.#queue
    rows[row + callSentAtMs] = atMs
    this.#queue.at(atMs + rows[row + ttftMs]! + rows[row + streamMs]!).push(events.phaseEnd, client, 0)
  }

  /** A call is over, and its turn: its slot goes to the next in line, then its user goes on. */
  #end(client: number): void {
    const { atMs } = this.#queue
    const rows = this.#rows
    const row = client * rowLength
    this.#note(row)
    this.#meter.turnsInFlight.add(-1)
    if (this.#meter.waiting.level > 0) {
      this.#meter.waiting.add(-1)
      this.#call(this.#line.shift(this.#generations))
    } else {
      this.#workers.give(-1)
      this.#meter.callEnded()
    }
    const next = rows[row + turn]! + 1
    if (next < rows[row + turns]!) rows[row + turn] = next
    else {
      this.#meter.sessionsEnded += Number(atMs >= this.#fromMs)
      if (this.#users === 0) {
        this.#meter.users.add(-1)
        this.#free.push(client)
        return
      }
      this.#beginSession(client, rows[row + session]! + this.#users)
    }
    this.#think(row)
    rows[row + intendedAtMs]! += atMs
    this.#draw(row)
    this.#queue.at(rows[row + intendedAtMs]!).push(events.send, client, 0)
  }

  /** What the user thinks before the turn, for now in the place of the instant that it leads to. */
  #think(row: number): void {
    const rows = this.#rows
    const ofTurn = rows[row + turn]!
    this.#durations.think(rows, row + intendedAtMs, rows[row + session]!, ofTurn, rows[row + scenario]!)
  }

  #beginSession(client: number, ordinal: number): number {
    const row = client * rowLength
    const rows = this.#rows
    rows[row + session] = ordinal
    rows[row + turn] = 0
    // Where all are alike it is there already, from the client's last session.
    if (this.#sessionsVary || rows[row + turns] === 0) {
      rows[row + scenario] = this.#sessions.scenario(ordinal)
      rows[row + turns] = this.#sessions.turns(ordinal)
    }
    return row
  }

  /** All of a turn beforehand: its place in the world decides it, whenever it comes. */
  #draw(row: number): void {
    const rows = this.#rows
    const ofScenario = rows[row + scenario]!
    // What chance has no part in is there already, from the last turn of the scenario.
    if (this.#varies[ofScenario] || rows[row + drawnFor] !== ofScenario + 1) this.#drawSizes(row)
    const asked = rows[row + model]!
    this.#durations.ttfts[asked]!.write(rows, row + ttftMs, rows[row + session]!, rows[row + turn]!, 1, 0)
  }

  #drawSizes(row: number): void {
    const rows = this.#rows
    const ofSession = rows[row + session]!
    const ofTurn = rows[row + turn]!
    const asked = this.#sessions.model(ofSession, ofTurn)
    const output = this.#sessions.tokens(ofSession, ofTurn, 1)
    rows[row + model] = asked
    rows[row + inputTokens] = this.#sessions.inputTokens(ofSession, ofTurn, 1)
    rows[row + cachedTokens] = rows[row + inputTokens]! * this.#cached[asked]!
    rows[row + outputTokens] = output
    rows[row + streamMs] = 0
    if (output > 1) this.#durations.perTokens[asked]!.write(rows, row + streamMs, ofSession, ofTurn, 1, 0)
    rows[row + streamMs]! *= output - 1
    rows[row + drawnFor] = rows[row + scenario]! + 1
  }

  #note(row: number): void {
    const ended = this.#ended
    const rows = this.#rows
    rows[row + firstTokenAtMs] = rows[row + callSentAtMs]! + rows[row + ttftMs]!
    rows[row + endedAtMs] = this.#queue.atMs
    ended.add(rows, row)
    if (ended.isFull) this.flush()
  }

  #grow(): void {
    const rows = new Float64Array(this.#rows.length * 2)
    rows.set(this.#rows)
    this.#rows = rows
    this.#generations = new Int32Array(rows.length / rowLength)
  }
}

/** Whether nothing but slots and the models' own time decides how long a turn takes. */
export function isPlain({ agent, models, scenarios, users }: Workload): boolean {
  const { overhead, limits } = agent
  const rules = [
    agent.connections,
    agent.state,
    agent.admission,
    agent.breakers,
    agent.degrade,
    agent.servers,
    agent.scale,
    agent.failures,
    agent.voice,
    limits.callMs,
    users.patience,
  ]
  const waits = [overhead.promptMs, overhead.stateMs].some(({ mean, variance }) => mean > 0 || variance > 0)
  return (
    rules.every((rule) => rule === undefined) &&
    agent.queue === Infinity &&
    limits.turnMs === Infinity &&
    !waits &&
    overhead.cpuPerCallMs === 0 &&
    overhead.cpuPerTokenMs === 0 &&
    models.every(({ quota, engine }) => !quota && !engine) &&
    scenarios.every(({ depth, priority = 0 }) => depth.variance === 0 && depth.mean <= 1 && priority === 0)
  )
}
