/** Counts what is under way, for whoever waits until nothing is. */
export class InFlight {
  #count = 0
  readonly #waiting: (() => void)[] = []

  enter(): void {
    this.#count++
  }

  leave(): void {
    if (--this.#count === 0) for (const tell of this.#waiting.splice(0)) tell()
  }

  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#count === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }
}
