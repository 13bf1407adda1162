/** As much of an `AbortSignal` as drivers need: aborted once, at most. */
export interface TurnSignal {
  readonly aborted: boolean
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Ends one turn. There is one for each, mostly with one listener: an `AbortController` costs many times as much. */
export class TurnCut implements TurnSignal {
  aborted = false
  #listeners: (() => void)[] = []

  addEventListener(_: 'abort', listener: () => void): void {
    if (!this.#listeners.includes(listener)) this.#listeners.push(listener)
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    const at = this.#listeners.indexOf(listener)
    if (at >= 0) this.#listeners.splice(at, 1)
  }

  abort(): void {
    if (this.aborted) return
    this.aborted = true
    const listeners = this.#listeners
    this.#listeners = []
    for (const listener of listeners) listener()
  }
}
