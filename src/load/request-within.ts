import type { UserAnswer, UserRequest } from './driver.ts'
import { offAbort, onAbort } from './many-listeners.ts'
import type { TurnContext } from './run-turn.ts'

type Send = (request: UserRequest, timeoutMs: number) => Promise<UserAnswer>

/** Sends users' own requests, each no longer than its time and the run; undefined where the driver has none. */
export function requestWithin({
  driver,
  clock,
  cut,
}: Pick<TurnContext, 'driver' | 'clock' | 'cut'>): Send | undefined {
  const send = driver.request
  if (!send) return undefined
  return async (request, timeoutMs) => {
    const over = new AbortController()
    let isLate = false
    const stop = (): void => over.abort()
    const alarm = clock.at(clock.now() + timeoutMs, () => {
      isLate = true
      stop()
    })
    onAbort(cut, stop)
    if (cut.aborted) stop()
    const answer = await send(request, over.signal)
    alarm.cancel()
    offAbort(cut, stop)
    if (!over.signal.aborted || !('fault' in answer)) return answer
    return { fault: isLate ? late : { outcome: 'abandoned', errorKind: 'cut' } }
  }
}

const late = { outcome: 'failed', errorKind: 'timeout', message: 'no whole answer in time' } as const
