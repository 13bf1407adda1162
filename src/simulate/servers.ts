import { Fleet, serverStates } from '../service/fleet.ts'
import type { Agent } from '../workload/workload.ts'
import { events, purposes } from './events.ts'
import { TimeAverage } from './time-average.ts'
import { Workers } from './workers.ts'
import type { World } from './world.ts'

/** Who is told what servers mean for turns. */
export interface ServersOwner {
  /** There may be free slots. */
  roomAt(atMs: number): void
  /** Whoever has a turn there has lost it. */
  serverFailed(server: number, atMs: number): void
}

/** The servers of the agent: they follow the load where the file says so, fail, and come back. */
export class Servers {
  readonly workers: Workers
  /** Servers that are paid for. */
  readonly paid: TimeAverage
  readonly #world: World
  readonly #agent: Agent
  readonly #owner: ServersOwner
  readonly #fleet: Fleet
  readonly #lives: Int32Array
  #busyMs = 0
  #lookedAtMs = 0
  #countedAtMs = 0

  constructor(world: World, owner: ServersOwner) {
    const { workload, meter } = world
    const { scale, servers = 1 } = workload.agent
    const from = scale?.from ?? servers
    this.#world = world
    this.#agent = workload.agent
    this.#owner = owner
    this.#fleet = new Fleet(from, scale?.to ?? servers)
    this.#lives = new Int32Array(this.#fleet.states.length)
    this.workers = new Workers(workload.agent, meter.window, this.#fleet.states, from, world.sound)
    this.paid = new TimeAverage(meter.window.fromMs, meter.window.toMs)
    this.paid.set(0, from)
  }

  get up(): number {
    return this.#fleet.up
  }

  /** Servers that took turns, in the mean over the window. */
  mean(toMs: number): number {
    const { workers, concurrency } = this.#agent
    const each = workers * concurrency
    return each < Infinity ? this.workers.slots.mean(toMs) / each : this.#fleet.up
  }

  /** Plans the first look at the load, and the first failures. */
  begin(): void {
    const { scale, failures } = this.#agent
    if (scale) this.#world.queue.push(scale.everyMs, events.scale, 0, 0)
    if (failures) for (let server = 0; server < this.#fleet.up; server++) this.#planFailure(server, 0)
  }

  /** Told before turns take or give back slots, where the load decides. */
  count(atMs: number): void {
    if (!this.#agent.scale) return
    this.#busyMs += this.workers.busy.level * (atMs - this.#countedAtMs)
    this.#countedAtMs = atMs
  }

  /** A turn on this server has ended. */
  ended(worker: number, atMs: number): void {
    if (worker < 0 || !this.#agent.scale) return
    const server = this.workers.serverOf(worker)
    if (this.#fleet.states[server] !== serverStates.draining || this.workers.turnsOn(server) > 0) return
    this.#fleet.emptied(server)
    this.paid.set(atMs, this.#fleet.paid)
  }

  /** Looks at the load since the last look. */
  look(atMs: number): void {
    const { meter, queue, counts } = this.#world
    const scale = this.#agent.scale!
    this.count(atMs)
    const slots = this.#fleet.up * this.#agent.workers * this.#agent.concurrency
    const used = slots > 0 ? this.#busyMs / (atMs - this.#lookedAtMs) / slots : 1
    this.#busyMs = 0
    this.#lookedAtMs = atMs
    const step = this.#fleet.look(used, scale)
    if (step > 0) {
      const server = this.#fleet.start()
      queue.push(atMs + scale.startupMs, events.serverReady, server, this.#lives[server]!)
      if (meter.isMeasured(atMs)) counts.serversStarted++
    } else if (step < 0) {
      this.#stop(atMs)
      if (meter.isMeasured(atMs)) counts.serversStopped++
    }
    this.paid.set(atMs, this.#fleet.paid)
    queue.push(atMs + scale.everyMs, events.scale, 0, 0)
  }

  ready(server: number, atMs: number): void {
    this.#fleet.ready(server)
    this.workers.open(server, atMs)
    this.#planFailure(server, atMs)
    this.#owner.roomAt(atMs)
  }

  fail(server: number, atMs: number, life: number): void {
    const { meter, counts, queue, sessions } = this.#world
    const state = this.#fleet.states[server]
    const runs = state === serverStates.up || state === serverStates.draining
    if (life !== this.#lives[server] || !runs) return
    const comesBack = this.#fleet.fail(server)
    if (comesBack) this.workers.close(server, atMs)
    if (meter.isMeasured(atMs)) counts.serverFailures++
    const ordinal = this.#lives[server]++
    this.#owner.serverFailed(server, atMs)
    this.paid.set(atMs, this.#fleet.paid)
    if (!comesBack) return
    const downMs = this.#agent.failures!.down.quantile(
      sessions.uniform(server, ordinal, 0, 0, purposes.serverDown),
    )
    queue.push(atMs + Math.max(0, downMs), events.serverBack, server, 0)
  }

  /** The server with the fewest turns takes no more. */
  #stop(atMs: number): void {
    let server = -1
    for (const [each, state] of this.#fleet.states.entries())
      if (
        state === serverStates.up &&
        (server < 0 || this.workers.turnsOn(each) <= this.workers.turnsOn(server))
      )
        server = each
    this.#fleet.drain(server)
    this.workers.close(server, atMs)
    if (this.workers.turnsOn(server) === 0) this.#fleet.emptied(server)
  }

  #planFailure(server: number, atMs: number): void {
    const { failures } = this.#agent
    if (!failures) return
    const life = ++this.#lives[server]!
    const uniform = this.#world.sessions.uniform(server, life, 0, 0, purposes.serverFails)
    this.#world.queue.push(
      atMs + Math.max(0, failures.every.quantile(uniform)),
      events.serverFails,
      server,
      life,
    )
  }
}
