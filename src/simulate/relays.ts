import { phases } from './clients.ts'
import { events } from './events.ts'
import type { Workers } from './workers.ts'
import type { World } from './world.ts'

/** Streamed tokens reach the event loop in pieces worth this much CPU, in at most so many pieces a call. */
const relayGrainMs = 2
const mostRelays = 32

/** What streamed tokens cost the event loop on their way through the agent. */
export class Relays {
  readonly #world: World
  readonly #workers: Workers
  readonly #perTokenMs: number

  constructor(world: World, workers: Workers) {
    this.#world = world
    this.#workers = workers
    this.#perTokenMs = world.workload.agent.overhead.cpuPerTokenMs
  }

  /** Plans a call whose instants are known: its first token for the user, and the pieces of its stream. */
  plan(client: number): void {
    if (this.#perTokenMs === 0) return
    const { clients, queue } = this.#world
    const generation = clients.generation[client]!
    const firstAtMs = clients.callFirstAtMs[client]!
    const streamMs = clients.callEndAtMs[client]! - firstAtMs
    if (clients.answersUser(client)) queue.at(firstAtMs).push(events.firstToken, client, generation)
    const pieces = this.#piecesOf(client)
    clients.relays[client] = pieces
    if (pieces > 0) queue.at(firstAtMs + streamMs / pieces / 2).push(events.relay, client, generation)
  }

  /** A piece of the stream costs the event loop its share, and the next piece is planned. */
  relay(client: number): void {
    const { clients, queue } = this.#world
    if (clients.phase[client] !== phases.model || clients.relays[client] === 0) return
    const pieces = this.#piecesOf(client)
    const workMs = this.relayedTokens(client) * this.#perTokenMs
    this.#workers.work(workMs / pieces).burn(clients.worker[client]!)
    if (--clients.relays[client]! > 0) {
      const everyMs = (clients.callEndAtMs[client]! - clients.callFirstAtMs[client]!) / pieces
      queue.at(queue.atMs + everyMs).push(events.relay, client, clients.generation[client]!)
    }
  }

  /** Tokens that are passed on between the first one that the user sees and the last. */
  relayedTokens(client: number): number {
    const { clients } = this.#world
    return Math.max(0, clients.outputTokens[client]! - (clients.answersUser(client) ? 2 : 1))
  }

  /** Tokens still to pass on when the call is over: the last one, unless it was the first one too. */
  lastTokens(client: number): number {
    const { clients } = this.#world
    return clients.answersUser(client) && clients.outputTokens[client] === 1 ? 0 : 1
  }

  /** Pieces in which they reach the event loop while the call streams. */
  #piecesOf(client: number): number {
    const workMs = this.relayedTokens(client) * this.#perTokenMs
    return workMs > 0 ? Math.min(mostRelays, Math.ceil(workMs / relayGrainMs)) : 0
  }
}
