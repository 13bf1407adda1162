/** What calls are told that a closing provider cuts short. */
export const closing = 'The provider is closing.'

/** Something in flight that a closing provider has to end. */
export interface LiveCall {
  cut(message: string): void
}

/** Calls in flight, of all epochs. */
export class LiveCalls {
  readonly #calls = new Set<LiveCall>()

  add(call: LiveCall): void {
    this.#calls.add(call)
  }

  delete(call: LiveCall): void {
    this.#calls.delete(call)
  }

  cutAll(message: string): void {
    for (const call of this.#calls) call.cut(message)
    this.#calls.clear()
  }
}
