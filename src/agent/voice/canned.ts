import { encodeMulaw } from '../../wire/mulaw.ts'
import { cannedTexts } from '../../workload/canned-texts.ts'
import type { Speak } from './speak.ts'

export type Canned = keyof typeof cannedTexts | 'greeting'

/** How often a phrase is tried that could not be spoken. */
const againMs = 5000

/** Phrases whose sound is made when the agent starts, so that they need no service when they are said. */
export class CannedSounds {
  readonly #sounds = new Map<Canned, Buffer>()
  readonly #closed = new AbortController()

  /**
   * Makes all of them and resolves with the first words; those that the service does not speak now are tried again, and
   * are a tone until then.
   */
  async make(
    speak: Speak,
    greeting: string,
    wait: (ms: number, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const texts = Object.entries(cannedTexts) as [Canned, string][]
    const made = Promise.all(texts.map((each) => this.#try(each, speak)))
    if (greeting !== '') {
      texts.push(['greeting', greeting])
      await this.#try(['greeting', greeting], speak)
    }
    const missing = (): [Canned, string][] => texts.filter(([name]) => !this.#sounds.has(name))
    const again = async (): Promise<void> => {
      await made
      while (missing().length > 0) {
        await wait(againMs, this.#closed.signal)
        for (const each of missing()) await this.#try(each, speak)
      }
    }
    again().catch(() => undefined)
  }

  /** Mu-law of 8 kHz. */
  sound(name: Canned): Buffer {
    return this.#sounds.get(name) ?? tone
  }

  close(): void {
    this.#closed.abort()
  }

  async #try([name, text]: [Canned, string], speak: Speak): Promise<void> {
    try {
      const pieces: Buffer[] = []
      for await (const piece of await speak(text, this.#closed.signal)) pieces.push(piece)
      this.#sounds.set(name, Buffer.concat(pieces))
    } catch {
      // There is a tone, and another try.
    }
  }
}

/** Half a second of 440 Hz. */
const tone = Buffer.from(
  encodeMulaw(Int16Array.from({ length: 4000 }, (_, i) => 8000 * Math.sin((2 * Math.PI * 440 * i) / 8000))),
)
