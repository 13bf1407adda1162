import type { Quota } from '../service/quota.ts'
import { events } from './events.ts'
import type { World } from './world.ts'

/** Times that a call is looked at while it streams. */
const looks = 16

/**
 * Calls at a provider that charges output while it is made and stops answers midway when it runs out. Looked at, first at the
 * first token and last at the end, a call tells its quota what it has made since.
 */
export class LiveOutput {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  /** The call's instants are known: it is looked at first when its first token is out, or when it ends before that. */
  plan(client: number, endAtMs: number): void {
    const { clients } = this.#world
    clients.generatedTokens[client] = 0
    this.#lookAt(Math.min(clients.callFirstAtMs[client]!, endAtMs), client)
  }

  /** Whether the call goes on; where it does, it is looked at again, or ends. */
  goesOn(client: number, endAtMs: number, made: number, quota: Quota): boolean {
    const { clients, queue } = this.#world
    const { atMs } = queue
    const tokens = made - clients.generatedTokens[client]!
    clients.generatedTokens[client] = made
    if (tokens > 0 && quota.at(atMs).generate(tokens) === Infinity) return false
    if (atMs >= endAtMs) queue.at(atMs).push(events.phaseEnd, client, clients.generation[client]!)
    else {
      const streamMs = clients.callEndAtMs[client]! - clients.callFirstAtMs[client]!
      this.#lookAt(Math.min(endAtMs, atMs + streamMs / looks), client)
    }
    return true
  }

  #lookAt(atMs: number, client: number): void {
    const { clients, queue } = this.#world
    queue.at(atMs).push(events.liveOutput, client, clients.generation[client]!)
  }
}
