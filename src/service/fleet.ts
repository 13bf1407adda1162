import type { Scale } from '../workload/agent-rules.ts'

/** What a server is doing: `draining` takes no more turns, `down` has failed and comes back. */
export const serverStates = { off: 0, starting: 1, up: 2, draining: 3, down: 4 } as const

/** What a look at the load comes to: one server more, one fewer, or nothing. */
export type ScaleStep = 1 | 0 | -1

/**
 * Which servers there are and what each is doing; the caller owns the timers. A server that starts is up after a
 * while, one that is stopped takes no more turns and is off when its last has ended, one that fails comes back.
 */
export class Fleet {
  readonly states: Uint8Array
  /** Servers that take turns. */
  up = 0
  /** Servers that are paid for: starting, up, draining or to come back. */
  paid = 0
  readonly #from: number
  readonly #to: number

  constructor(from: number, to: number) {
    this.#from = from
    this.#to = to
    this.states = new Uint8Array(to * 2)
    for (let server = 0; server < from; server++) this.#set(server, serverStates.up)
  }

  /** Servers whose processes run: they take turns, or finish those that they have. */
  get running(): number {
    return this.up + this.#count(serverStates.draining)
  }

  /** What the share of slots in use asks for; those that start, or are to come back, are counted as there. */
  look(usedShare: number, { above, below }: Pick<Scale, 'above' | 'below'>): ScaleStep {
    const there = this.#count(serverStates.starting) + this.up + this.#count(serverStates.down)
    if (usedShare > above && there < this.#to && this.paid < this.states.length) return 1
    if (usedShare < below && there > this.#from && this.up > 1) return -1
    return 0
  }

  /** The server that starts. */
  start(): number {
    const server = this.states.indexOf(serverStates.off)
    this.#set(server, serverStates.starting)
    return server
  }

  ready(server: number): void {
    this.#set(server, serverStates.up)
  }

  drain(server: number): void {
    this.#set(server, serverStates.draining)
  }

  /** Its last turn has ended. */
  emptied(server: number): void {
    if (this.states[server] === serverStates.draining) this.#set(server, serverStates.off)
  }

  /** False where there was nothing to fail, or nothing that comes back: a server that was to stop anyway. */
  fail(server: number): boolean {
    if (this.states[server] === serverStates.up) this.#set(server, serverStates.down)
    else if (this.states[server] === serverStates.draining) this.#set(server, serverStates.off)
    return this.states[server] === serverStates.down
  }

  #count(state: number): number {
    let count = 0
    for (const each of this.states) if (each === state) count++
    return count
  }

  #set(server: number, state: number): void {
    const before = this.states[server]!
    if (before === serverStates.up) this.up--
    if (state === serverStates.up) this.up++
    if (before === serverStates.off) this.paid++
    if (state === serverStates.off) this.paid--
    this.states[server] = state
  }
}
