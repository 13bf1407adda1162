import { serverStates } from '../service/fleet.ts'
import type { Agent } from '../workload/workload.ts'
import { Fewest } from './fewest.ts'
import type { Window } from './meter.ts'
import type { SoundLoad } from './phone/sound-load.ts'
import { TimeAverage } from './time-average.ts'

/**
 * The agent's slots and event loops, on one server or several. A slot belongs to the server, and there to the worker,
 * with the fewest turns; each worker's event loop does its CPU work first come first served. Without a number of
 * workers every turn has an event loop to itself.
 */
export class Workers {
  /** Slots on the servers that take turns. */
  readonly slots: TimeAverage
  readonly busy: TimeAverage
  /** Numbered workers; 0 where it makes no difference which one has a turn. */
  readonly count: number
  /** CPU milliseconds asked for within the window. */
  cpuMs = 0
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
  #freeSlots: number

  /** `states` says what each server does, of which the first `servers` are up. */
  constructor(agent: Agent, window: Window, states: Uint8Array, servers: number, sound?: SoundLoad) {
    this.#sound = sound
    this.busy = new TimeAverage(window.fromMs, window.toMs)
    this.slots = new TimeAverage(window.fromMs, window.toMs)
    this.#states = states
    this.#fromMs = window.fromMs
    this.#concurrency = agent.concurrency
    this.#freeSlots = servers * agent.workers * agent.concurrency
    this.slots.set(0, this.#freeSlots)
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

  serverOf(worker: number): number {
    return Math.floor(worker / this.#perServer)
  }

  turnsOn(server: number): number {
    return this.#turnsOfServer[server]!
  }

  /** A server takes turns from now on, with nothing on its event loops; what it still holds fills slots. */
  open(server: number, atMs: number): void {
    this.#freeAtMs.fill(atMs, server * this.#perServer, (server + 1) * this.#perServer)
    this.#open.set(server, this.#turnsOfServer[server]!)
    this.#changeSlots(atMs, this.#perServer * this.#concurrency, this.#turnsOfServer[server]!)
  }

  /** A server takes no more turns. */
  close(server: number, atMs: number): void {
    this.#open.close(server)
    this.#changeSlots(atMs, -this.#perServer * this.#concurrency, -this.#turnsOfServer[server]!)
  }

  /** Takes a slot; answers the worker, -1 where it makes no difference which. */
  take(atMs: number): number {
    this.busy.add(atMs, 1)
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
  give(atMs: number, worker: number): void {
    this.busy.add(atMs, -1)
    if (worker < 0) {
      this.#freeSlots++
      return
    }
    const server = this.serverOf(worker)
    this.#turns[server]!.add(worker % this.#perServer, -1)
    this.#turnsOfServer[server]!--
    if (this.#states[server] !== serverStates.up) return
    this.#freeSlots++
    this.#open.add(server, -1)
  }

  /** CPU was asked for. */
  charge(atMs: number, workMs: number): void {
    if (atMs >= this.#fromMs) this.cpuMs += workMs
  }

  /** Puts work on a worker's event loop; answers when it is done. Work once asked for is done, also for nobody. */
  burn(atMs: number, worker: number, workMs: number): number {
    this.charge(atMs, workMs)
    if (worker < 0) return atMs + workMs
    if (this.#sound) return this.#sound.burn(atMs, worker, workMs)
    return (this.#freeAtMs[worker] = Math.max(atMs, this.#freeAtMs[worker]!) + workMs)
  }

  #changeSlots(atMs: number, slots: number, turns: number): void {
    this.#freeSlots += slots - turns
    this.slots.add(atMs, slots)
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
