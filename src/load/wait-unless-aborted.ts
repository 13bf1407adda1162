import type { RunClock } from './edge/run-clock.ts'
import type { TurnSignal } from './turn-signal.ts'

/** Waits so many milliseconds of the clock: true when they have passed, false as soon as the signal aborts before. */
export function waitUnlessAborted(
  clock: Pick<RunClock, 'now' | 'at'>,
  waitMs: number,
  signal: TurnSignal,
): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false)
  return new Promise((resolve) => {
    const settle = (passed: boolean): void => {
      alarm.cancel()
      signal.removeEventListener('abort', onAbort)
      resolve(passed)
    }
    const onAbort = (): void => settle(false)
    const alarm = clock.at(clock.now() + waitMs, () => settle(true))
    signal.addEventListener('abort', onAbort)
  })
}
