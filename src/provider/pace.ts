import type { RealClock } from '../clock/edge/real-clock.ts'
import { Timer } from '../clock/timer-wheel.ts'

/** How many tokens there are, and when the first piece of them that was not told before was to be there. */
export type Tell = (tokens: number, dueMs: number) => void

/** The number of tokens at which the next piece is told, after `told` of them. */
export type NextPiece = (told: number) => number

/** The instants at which a model has made its tokens, on the machine's monotonic clock. */
export interface Pace {
  /** Begins; `tell` is called for each piece, the last time with all tokens. */
  start(nowMs: number, tell: Tell): void
  /** Ends it early and frees what it held. */
  stop(nowMs: number): void
  /** Tokens made by now. */
  made(nowMs: number): number
}

export interface Schedule {
  readonly tokens: number
  readonly firstMs: number
  readonly perTokenMs: number
}

/**
 * Token by token on a schedule that is known beforehand: lateness of one never delays another. Pieces that are due
 * together are told at once, so who is late catches up at the cost of one write.
 */
export function scheduledPace(clock: RealClock, schedule: Schedule, nextPiece: NextPiece): Pace {
  const { tokens, firstMs, perTokenMs } = schedule
  let startMs = 0
  let told = 0
  /** Tokens at which it is told again, and when they are due. */
  let next = nextPiece(0)
  let nextMs = 0
  let timer: Timer | undefined
  const dueMs = (token: number): number => startMs + firstMs + (token - 1) * perTokenMs
  return {
    start(nowMs, tell) {
      startMs = nowMs
      nextMs = dueMs(next)
      timer = new Timer((nowMs) => {
        const firstDueMs = nextMs
        while (nextMs <= nowMs) {
          told = next
          next = nextPiece(told)
          nextMs = told < tokens ? dueMs(next) : Infinity
        }
        tell(told, firstDueMs)
        if (timer && nextMs < Infinity) clock.set(timer, nextMs)
      })
      clock.set(timer, nextMs)
    },
    stop() {
      if (timer) clock.clear(timer)
      timer = undefined
    },
    made(nowMs) {
      const sinceFirstMs = nowMs - dueMs(1)
      if (sinceFirstMs < 0) return told
      const made = perTokenMs > 0 ? Math.floor(sinceFirstMs / perTokenMs) + 1 : tokens
      return Math.max(told, Math.min(tokens, made))
    },
  }
}
