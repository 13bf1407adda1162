/** Words shorter than this are anybody's. */
const shortest = 8
/** Of all that users were ever given, the newest. */
const most = 200_000
const words = /[^\s;,='"<>(){}[\]]{8,}/g

/** What users carry and nobody else should read, however many they are. */
export class SecretWords {
  readonly #words = new Set<string>()

  add(value: string): void {
    if (value.length < shortest) return
    for (const word of value.match(words) ?? []) {
      this.#words.delete(word)
      this.#words.add(word)
    }
    for (const oldest of this.#words)
      if (this.#words.size > most) this.#words.delete(oldest)
      else break
  }

  redact(text: string): string {
    if (this.#words.size === 0) return text
    return text.replace(words, (word) => (this.#words.has(word) ? '[redacted]' : word))
  }
}
