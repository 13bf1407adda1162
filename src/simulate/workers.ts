import type { EventQueue } from '../clock/event-queue.ts'
import { serverStates } from '../service/fleet.ts'
import type { Agent } from '../workload/workload.ts'
import { Fewest } from './fewest.ts'
import type { SoundLoad } from './phone/sound-load.ts'
import { TimeAverage } from './time-average.ts'
import type { World } from './world.ts'

/**
 * The agent's slots and event loops, on one server or several. A slot belongs to the server, and there to the worker,
 * with the fewest turns; each worker's event loop does its CPU work first come first served. Without a number of
 * workers every turn has an event loop to itself.
 */
export class Workers {
  /** Slots on the servers that take turns, and those of others that still hold one. */
  readonly slots: TimeAverage
  readonly busy: TimeAverage
  /** Numbered workers; 0 where it makes no difference which one has a turn. */
  readonly count: number
  /** CPU milliseconds asked for within the window. */
  cpuMs = 0
  /** When the work is done that `burn` was asked for last. */
  doneAtMs = NaN
  readonly #clock: EventQueue
  readonly #perServer: number
  readonly #concurrency: number
  /** Turns by worker, on each server. */
  readonly #turns: readonly Fewest[]
  readonly #turnsOfServer: Int32Array
  /** The same, of the servers that take turns. */
  readonly #open: Fewest
  /** `serverStates.up` takes turns, whatever else does not. */
  readonly #states: Uint8Array
  readonly #freeAtMs: Float64Array
  readonly #fromMs: number
  readonly #sound: SoundLoad | undefined
  /** Begins as a number, as any field that may hold one that is not whole: V8 then keeps it in place. */
  #freeSlots = 0
  #workMs = NaN
  /** Servers that take turns. */
  #taking: number
  /** Turns on servers that take no more. */
  #heldBeside = 0

  /** `states` says what each server does, of which the first `servers` are up. */
  constructor(
    { meter, queue, sound, workload }: Pick<World, 'meter' | 'queue' | 'sound' | 'workload'>,
    states: Uint8Array,
    servers: number,
  ) {
    const { agent } = workload
    const { window } = meter
    this.#clock = queue
    this.#sound = sound
    this.busy = new TimeAverage(queue, window)
    this.slots = new TimeAverage(queue, window)
    this.#states = states
    this.#fromMs = window.fromMs
    this.#concurrency = agent.concurrency
    this.#taking = servers
    this.#freeSlots = servers * agent.workers * agent.concurrency
    this.slots.set(this.#freeSlots)
    this.#perServer = isNumbered(agent) ? agent.workers : 0
    this.count = this.#perServer * states.length
    this.#turns = Array.from(states, () => new Fewest(this.#perServer))
    this.#turnsOfServer = new Int32Array(states.length)
    this.#open = new Fewest(states.length)
    for (let server = servers; server < states.length; server++) this.#open.close(server)
    this.#freeAtMs = new Float64Array(this.count)
  }

  get hasRoom(): boolean {
    return this.#freeSlots > 0
  }

  /** Turns on the servers that take turns. */
  get turns(): number {
    return this.busy.level - this.#heldBeside
  }

  /** Slots on the servers that take turns. */
  get openSlots(): number {
    return this.slots.level - this.#heldBeside
  }

  serverOf(worker: number): number {
    return Math.floor(worker / this.#perServer)
  }

  workersOf(server: number): number[] {
    return Array.from({ length: this.#perServer }, (_, i) => server * this.#perServer + i)
  }

  turnsOn(server: number): number {
    return this.#turnsOfServer[server]!
  }

  /** A server takes turns from now on, with nothing on its event loops; what it still holds fills slots. */
  open(server: number): void {
    this.#freeAtMs.fill(this.#clock.atMs, server * this.#perServer, (server + 1) * this.#perServer)
    this.#open.set(server, this.#turnsOfServer[server]!)
    this.#changeSlots(1, this.#turnsOfServer[server]!)
  }

  /** A server takes no more turns. */
  close(server: number): void {
    this.#open.close(server)
    this.#changeSlots(-1, -this.#turnsOfServer[server]!)
  }

  /** Takes a slot; answers the worker, -1 where it makes no difference which. */
  take(): number {
    this.busy.add(1)
    this.#freeSlots--
    if (this.#perServer === 0) return -1
    const server = this.#open.first
    const turns = this.#turns[server]!
    const worker = turns.first
    turns.add(worker, 1)
    this.#open.set(server, ++this.#turnsOfServer[server]!)
    return server * this.#perServer + worker
  }

  /** Gives a slot back; it is free for another turn where its server takes turns. */
  give(worker: number): void {
    this.busy.add(-1)
    if (worker < 0) {
      this.#freeSlots++
      return
    }
    const server = this.serverOf(worker)
    this.#turns[server]!.add(worker % this.#perServer, -1)
    this.#turnsOfServer[server]!--
    if (this.#states[server] !== serverStates.up) {
      this.#heldBeside--
      this.#countSlots()
      return
    }
    this.#freeSlots++
    this.#open.add(server, -1)
  }

  /** CPU milliseconds that are asked for next: `workers.work(ms).burn(worker)`. */
  work(ms: number): this {
    this.#workMs = ms
    return this
  }

  /** Counts the work, whoever does it. */
  charge(): void {
    if (this.#clock.atMs >= this.#fromMs) this.cpuMs += this.#workMs
  }

  /** Puts the work on a worker's event loop; `doneAtMs` says when it is done. It is done, also for nobody. */
  burn(worker: number): void {
    const { atMs } = this.#clock
    const workMs = this.#workMs
    this.charge()
    if (worker < 0) this.doneAtMs = atMs + workMs
    else if (this.#sound) {
      this.#sound.work(workMs).burn(worker)
      this.doneAtMs = this.#sound.doneAtMs
    } else this.doneAtMs = this.#freeAtMs[worker] = Math.max(atMs, this.#freeAtMs[worker]!) + workMs
  }

  /** So many servers more or fewer take turns, with those that they hold. */
  #changeSlots(servers: number, turns: number): void {
    const each = this.#perServer * this.#concurrency
    this.#taking += servers
    this.#heldBeside -= turns
    const slots = this.#countSlots()
    // Without a limit there is room as long as there is a server: of infinite slots none can be taken away.
    this.#freeSlots = each < Infinity ? this.#freeSlots + servers * each - turns : slots
  }

  /** Those on the servers that take turns. */
  #countSlots(): number {
    const slots = this.#taking > 0 ? this.#taking * this.#perServer * this.#concurrency : 0
    this.slots.set(slots + this.#heldBeside)
    return slots
  }
}

/** Whether it matters which worker has a turn: its CPU, its connections, its breakers, its server. */
function isNumbered(agent: Agent): boolean {
  const { overhead, connections, breakers, servers, scale, failures, voice } = agent
  if (agent.workers === Infinity) return false
  const burns = [overhead.cpuPerCallMs, overhead.cpuPerTokenMs, voice?.cpuPerSecondMs ?? 0].some(
    (ms) => ms > 0,
  )
  return burns || Boolean(connections ?? breakers ?? servers ?? scale ?? failures)
}
