/** What an entry costs besides its text, in characters. */
const entryCharacters = 1000

/** Values by name, of which the oldest are forgotten when their texts grow too much together. */
export class BoundedMap<V> {
  readonly #entries = new Map<string, { readonly value: V; readonly characters: number }>()
  readonly #mostCharacters: number
  #characters = 0

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters
  }

  has(name: string): boolean {
    return this.#entries.has(name)
  }

  get(name: string): V | undefined {
    return this.#entries.get(name)?.value
  }

  set(name: string, value: V, textCharacters: number): void {
    this.delete(name)
    const characters = entryCharacters + textCharacters
    this.#entries.set(name, { value, characters })
    this.#characters += characters
    for (const oldest of this.#entries.keys()) {
      if (this.#characters <= this.#mostCharacters) break
      this.delete(oldest)
    }
  }

  delete(name: string): void {
    this.#characters -= this.#entries.get(name)?.characters ?? 0
    this.#entries.delete(name)
  }
}
