import type { ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { ErrorKind, Outcome } from '../result/records.ts'
import type { Face } from './face.ts'
import type { LiveCall } from './live-calls.ts'

/** How a wait without an answer ends; a status of 0 means that nobody is left to be told. */
export type WaitEnd = (outcome: Outcome, errorKind: ErrorKind, status: 0 | 504) => void

/** Says nothing for so long, wall time; or, where that is for ever, until the caller leaves or the provider closes. */
export function keepWaiting(
  { clock, live }: Face,
  response: ServerResponse,
  forMs: number,
  ended: WaitEnd,
): void {
  let over = false
  const end = (...how: Parameters<WaitEnd>): void => {
    if (over) return
    over = true
    live.delete(call)
    clock.clear(timer)
    ended(...how)
  }
  const timer = new Timer(() => end('failed', 'timeout', 504))
  const call: LiveCall = { cut: () => end('failed', 'timeout', 504) }
  live.add(call)
  response.once('close', () => end('abandoned', 'abandoned', 0))
  if (forMs < Infinity) clock.set(timer, monotonicMs() + forMs)
}
