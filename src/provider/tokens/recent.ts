/**
 * What was worked out for texts that come again, such as the messages of a conversation that grows; texts that were
 * not asked for lately are forgotten. At most twice `mostCharacters` of them are kept.
 */
export class Recent<T> {
  readonly #mostCharacters: number
  #young = new Map<string, T>()
  #old = new Map<string, T>()
  #youngCharacters = 0

  constructor(mostCharacters: number) {
    this.#mostCharacters = mostCharacters
  }

  get(text: string, workOut: (text: string) => T): T {
    const young = this.#young.get(text)
    if (young !== undefined) return young
    const old = this.#old.get(text)
    if (old !== undefined) {
      this.#old.delete(text)
      return this.#keep(text, old)
    }
    // A slice would keep the whole of what it was sliced from.
    return this.#keep(ownText(text), workOut(text))
  }

  #keep(text: string, value: T): T {
    this.#young.set(text, value)
    this.#youngCharacters += text.length + entryCharacters
    if (this.#youngCharacters > this.#mostCharacters) {
      this.#old = this.#young
      this.#young = new Map()
      this.#youngCharacters = 0
    }
    return value
  }
}

/** What an entry takes beside its text. */
const entryCharacters = 100

const ownText = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le')
