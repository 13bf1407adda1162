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

  get(text: string, workOut: () => T): T {
    const young = this.#young.get(text)
    if (young !== undefined) return young
    const old = this.#old.get(text)
    if (old !== undefined) {
      this.#old.delete(text)
      return this.#keep(text, old)
    }
    // A slice would keep the whole of what it was sliced from.
    return this.#keep(ownText(text), workOut())
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

/** In as few bytes as it takes: what is compared with it has as many. */
function ownText(text: string): string {
  const encoding = /[^\0-\xff]/.test(text) ? 'utf16le' : 'latin1'
  return Buffer.from(text, encoding).toString(encoding)
}
