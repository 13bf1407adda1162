/** Turns waiting for a slot, in order. Who gives up stays in place and is skipped, so that giving up costs nothing. */
export class WaitingLine {
  #clients = new Int32Array(64)
  #generations = new Int32Array(64)
  #head = 0
  #tail = 0

  push(client: number, generation: number): void {
    if (this.#tail - this.#head === this.#clients.length) this.#grow()
    const at = this.#tail++ & (this.#clients.length - 1)
    this.#clients[at] = client
    this.#generations[at] = generation
  }

  /** The first client whose turn still waits, taken out; -1 when nobody does. */
  shift(generations: Int32Array): number {
    while (this.#head < this.#tail) {
      const at = this.#head++ & (this.#clients.length - 1)
      const client = this.#clients[at]!
      if (generations[client] === this.#generations[at]) return client
    }
    return -1
  }

  clear(): void {
    this.#head = this.#tail
  }

  #grow(): void {
    const length = this.#clients.length
    const clients = new Int32Array(length * 2)
    const generations = new Int32Array(length * 2)
    for (let i = 0; i < length; i++) {
      const from = (this.#head + i) & (length - 1)
      clients[i] = this.#clients[from]!
      generations[i] = this.#generations[from]!
    }
    this.#clients = clients
    this.#generations = generations
    this.#head = 0
    this.#tail = length
  }
}
