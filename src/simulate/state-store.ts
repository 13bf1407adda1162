import { Draw } from '../sessions/draw.ts'
import { serverStation } from '../service/server-station.ts'
import type { Station } from '../service/station.ts'
import type { StateStore as Rule } from '../workload/agent-rules.ts'
import { phases } from './clients.ts'
import { events, purposes } from './events.ts'
import { TimeAverage } from './time-average.ts'
import type { World } from './world.ts'

/** Where sessions are kept: operations take their time, wait for its capacity where it has one, and may fail. */
export class StateStore {
  readonly limit: number
  readonly busy: TimeAverage
  readonly #world: World
  readonly #rule: Rule
  readonly #loadMs: Draw
  readonly #saveMs: Draw
  readonly #station: Station | undefined
  readonly #done: (client: number) => void
  #generation = 0
  #wakeAtMs = Infinity

  constructor(world: World, rule: Rule, done: (client: number) => void) {
    const { window } = world.meter
    this.limit = rule.capacity
    this.busy = new TimeAverage(world.queue, window)
    this.#world = world
    this.#rule = rule
    this.#loadMs = new Draw(rule.latency, world.uniforms, purposes.stateLoad)
    this.#saveMs = new Draw(rule.latency, world.uniforms, purposes.stateSave)
    this.#done = done
    this.#station = rule.capacity < Infinity ? serverStation({ servers: rule.capacity }) : undefined
  }

  /** A load or a save, by the phase that the client is in. */
  begin(client: number): void {
    const { clients, queue } = this.#world
    const draw = clients.phase[client] === phases.load ? this.#loadMs : this.#saveMs
    const { waitMs } = clients
    draw.write(waitMs, client, clients.session[client]!, clients.turn[client]!, 0, 0)
    if (this.#station) {
      this.#station.at(queue.atMs).arrive(client, waitMs[client]!)
      this.#wake()
    } else queue.at(queue.atMs + waitMs[client]!).push(events.phaseEnd, client, clients.generation[client]!)
  }

  /** Whether the operation that has just ended failed. */
  failed(client: number): boolean {
    if (this.#rule.failure === 0) return false
    const { clients, sessions } = this.#world
    const purpose = clients.phase[client] === phases.load ? purposes.loadFails : purposes.saveFails
    const uniform = sessions.uniform(clients.session[client]!, clients.turn[client]!, 0, 0, purpose)
    return uniform < this.#rule.failure
  }

  cut(client: number): void {
    if (!this.#station) return
    this.#station.at(this.#world.queue.atMs).leave(client)
    this.#wake()
  }

  wake(generation: number): void {
    if (generation !== this.#generation) return
    this.#wakeAtMs = Infinity
    this.#station!.at(this.#world.queue.atMs).advance(this.#done)
    this.#wake()
  }

  #wake(): void {
    const station = this.#station!
    this.busy.set(station.inService)
    const { nextAtMs } = station
    if (nextAtMs === this.#wakeAtMs) return
    this.#wakeAtMs = nextAtMs
    this.#world.queue.at(nextAtMs).push(events.stateStation, 0, ++this.#generation)
  }
}
