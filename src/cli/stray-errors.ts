import type { Script } from '../load/script/script.ts'
import { isFrom, scriptFailure } from '../load/script/script-failure.ts'

/**
 * What scripts throw where nobody waits for it (a promise that is not awaited, a timer) is told by `tell` and ends
 * nothing. Anything else ends the process as it would have. Call the answer when no script plays any more.
 */
export function catchStrays(
  scripts: readonly (Script | undefined)[],
  tell: (message: string) => void,
): () => void {
  const known = new Set(scripts.filter((script) => script !== undefined))
  const caught = (error: unknown): void => {
    const script = [...known].find((each) => isFrom(each, error))
    if (script) {
      tell(scriptFailure(script, error))
      return
    }
    release()
    queueMicrotask(() => {
      throw error
    })
  }
  const release = (): void => {
    process.off('unhandledRejection', caught)
    process.off('uncaughtException', caught)
  }
  process.on('unhandledRejection', caught)
  process.on('uncaughtException', caught)
  return release
}

const mostKept = 50

/** Messages of what scripts threw where nobody waited for it: each once, and only so many, however long the run is. */
export class Strays {
  readonly #kept = new Set<string>()
  #isFull = false

  /** Whether any was thrown. */
  get some(): boolean {
    return this.#kept.size > 0
  }

  /** True where the message is new and kept. */
  add(message: string): boolean {
    if (this.#kept.has(message)) return false
    this.#isFull = this.#kept.size >= mostKept
    if (!this.#isFull) this.#kept.add(message)
    return !this.#isFull
  }

  notes(): string[] {
    const notes = [...this.#kept].map(strayNote)
    return this.#isFull ? [...notes, 'not awaited: and others'] : notes
  }
}

/** A note on one of them. */
export const strayNote = (message: string): string => `not awaited: ${message}`
