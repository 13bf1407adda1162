/** Work that no caller waits for: done in the background, some of it at once, the oldest forgotten when it piles up. */
export class Aside {
  readonly #atOnce: number
  readonly #most: number
  readonly #waiting: (() => Promise<void>)[] = []
  #working = 0
  #forgotten = 0

  constructor(atOnce = 8, most = 1000) {
    this.#atOnce = atOnce
    this.#most = most
  }

  /** Work that was given up because too much had piled up. */
  get forgotten(): number {
    return this.#forgotten
  }

  add(work: () => Promise<void>): void {
    this.#waiting.push(work)
    if (this.#waiting.length > this.#most) {
      this.#waiting.shift()
      this.#forgotten++
    }
    this.#next()
  }

  #next(): void {
    if (this.#working >= this.#atOnce) return
    const work = this.#waiting.shift()
    if (!work) return
    this.#working++
    const done = (): void => {
      this.#working--
      this.#next()
    }
    // Whatever becomes of it concerns nobody on the line.
    work().then(done, done)
  }
}
