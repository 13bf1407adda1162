import type { RunClock } from './edge/run-clock.ts'
import { TurnCut, type TurnSignal } from './turn-signal.ts'

/** Runs `work` with a signal that aborts with the given one, or after so many milliseconds of the clock. */
export async function withinLimit<T>(
  clock: Pick<RunClock, 'now' | 'at'>,
  limitMs: number,
  signal: TurnSignal,
  work: (signal: TurnSignal) => Promise<T>,
): Promise<T> {
  const over = new TurnCut()
  const stop = (): void => over.abort()
  const alarm = clock.at(clock.now() + limitMs, stop)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    return await work(over)
  } finally {
    alarm.cancel()
    signal.removeEventListener('abort', stop)
  }
}
