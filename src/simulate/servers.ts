import { Fleet, serverStates } from '../service/fleet.ts'
import type { Agent } from '../workload/workload.ts'
import { events, purposes } from './events.ts'
import { TimeAverage } from './time-average.ts'
import { Workers } from './workers.ts'
import type { World } from './world.ts'

/** Who is told what servers mean for turns. */
export interface ServersOwner {
  /** Its processes begin. */
  serverBegins(server: number): void
  /** There may be free slots. */
  roomFreed(): void
  /** Whoever has a turn there has lost it. */
  serverFailed(server: number): void
}

/** The servers of the agent: they follow the load where the file says so, fail, and come back. */
export class Servers {
  readonly workers: Workers
  /** Servers that are paid for. */
  readonly paid: TimeAverage
  /** Servers whose processes run: they take turns, or finish those that they have. */
  readonly running: TimeAverage
  readonly #world: World
  readonly #agent: Agent
  readonly #owner: ServersOwner
  readonly #fleet: Fleet
  readonly #lives: Int32Array
  /** Since the last look: slots times time, and those in use. */
  #slotMs = 0
  #busyMs = 0
  #countedAtMs = 0

  constructor(world: World, owner: ServersOwner) {
    const { workload, meter, queue } = world
    const { scale, servers = 1 } = workload.agent
    const from = scale?.from ?? servers
    this.#world = world
    this.#agent = workload.agent
    this.#owner = owner
    this.#fleet = new Fleet(from, scale?.to ?? servers)
    this.#lives = new Int32Array(this.#fleet.states.length)
    this.workers = new Workers(world, this.#fleet.states, from)
    this.paid = new TimeAverage(queue, meter.window)
    this.paid.set(from)
    this.running = new TimeAverage(queue, meter.window)
    this.running.set(from)
  }

  get up(): number {
    return this.#fleet.up
  }

  /** Plans the first look at the load, and the first failures. */
  begin(): void {
    const { scale, failures } = this.#agent
    if (scale) this.#world.queue.at(scale.everyMs).push(events.scale, 0, 0)
    if (failures) for (let server = 0; server < this.#fleet.up; server++) this.#planFailure(server)
  }

  /**
   * Told before turns take or give back slots, where the load decides. Turns on servers that are to stop are none of it, as
   * Kubernetes’ autoscaler ignores pods that are being deleted: each stop would ask for another start.
   */
  count(): void {
    if (!this.#agent.scale) return
    const { atMs } = this.#world.queue
    const ms = atMs - this.#countedAtMs
    this.#countedAtMs = atMs
    if (ms === 0) return
    this.#busyMs += this.workers.turns * ms
    this.#slotMs += this.workers.openSlots * ms
  }

  /** A turn on this server has ended. */
  ended(worker: number): void {
    if (worker < 0 || !this.#agent.scale) return
    const server = this.workers.serverOf(worker)
    if (this.#fleet.states[server] !== serverStates.draining || this.workers.turnsOn(server) > 0) return
    this.#fleet.emptied(server)
    this.#note()
  }

  /** Looks at the load since the last look. */
  look(): void {
    const { meter, queue, counts } = this.#world
    const { atMs } = queue
    const scale = this.#agent.scale!
    this.count()
    const used = this.#slotMs > 0 ? this.#busyMs / this.#slotMs : 1
    this.#slotMs = 0
    this.#busyMs = 0
    const step = this.#fleet.look(used, scale)
    if (step > 0) {
      const server = this.#fleet.start()
      queue.at(atMs + scale.startupMs).push(events.serverReady, server, this.#lives[server]!)
      if (meter.isMeasuring) counts.serversStarted++
    } else if (step < 0) {
      this.#stop()
      if (meter.isMeasuring) counts.serversStopped++
    }
    this.#note()
    queue.at(atMs + scale.everyMs).push(events.scale, 0, 0)
  }

  ready(server: number): void {
    this.count()
    this.#fleet.ready(server)
    this.#note()
    this.workers.open(server)
    this.#planFailure(server)
    this.#owner.serverBegins(server)
    this.#owner.roomFreed()
  }

  fail(server: number, life: number): void {
    const { meter, counts, queue, sessions } = this.#world
    const state = this.#fleet.states[server]
    const runs = state === serverStates.up || state === serverStates.draining
    if (life !== this.#lives[server] || !runs) return
    this.count()
    const comesBack = this.#fleet.fail(server)
    this.#note()
    if (comesBack) this.workers.close(server)
    if (meter.isMeasuring) counts.serverFailures++
    const ordinal = this.#lives[server]++
    this.#owner.serverFailed(server)
    if (!comesBack) return
    const downMs = this.#agent.failures!.down.quantile(
      sessions.uniform(server, ordinal, 0, 0, purposes.serverDown),
    )
    queue.at(queue.atMs + Math.max(0, downMs)).push(events.serverBack, server, 0)
  }

  /** How many there are, from now on. */
  #note(): void {
    this.paid.set(this.#fleet.paid)
    this.running.set(this.#fleet.running)
  }

  /** The server with the fewest turns takes no more. */
  #stop(): void {
    let server = -1
    for (const [each, state] of this.#fleet.states.entries())
      if (
        state === serverStates.up &&
        (server < 0 || this.workers.turnsOn(each) <= this.workers.turnsOn(server))
      )
        server = each
    this.#fleet.drain(server)
    this.workers.close(server)
    if (this.workers.turnsOn(server) === 0) this.#fleet.emptied(server)
  }

  #planFailure(server: number): void {
    const { failures } = this.#agent
    if (!failures) return
    const life = ++this.#lives[server]!
    const { queue, sessions } = this.#world
    const uniform = sessions.uniform(server, life, 0, 0, purposes.serverFails)
    const upMs = Math.max(0, failures.every.quantile(uniform))
    queue.at(queue.atMs + upMs).push(events.serverFails, server, life)
  }
}
