import type { DriverResult, DriverTurn, TurnObserver } from './driver.ts'
import { abandoned } from './drivers/fault.ts'
import { isRefusal } from './refusal-watch.ts'
import type { TurnContext, TurnWatch } from './run-turn.ts'
import { TurnCut, type TurnSignal } from './turn-signal.ts'
import type { TurnHabits, UserBehaviour } from './user-behaviour.ts'
import { waitUnlessAborted } from './wait-unless-aborted.ts'

/**
 * Sends a message as users are: some drop the connection and come back, read nothing for a while, send twice, or try
 * again after a 429. All attempts are one turn, which ends as the last of them does; patience counts from the first.
 */
export async function behaveThrough(
  context: TurnContext,
  behaviour: UserBehaviour,
  message: DriverTurn,
  watch: TurnWatch,
): Promise<DriverResult> {
  const { clock, driver } = context
  const { session, turn } = message
  const habits = behaviour.habits(session, turn)
  let { disconnectAfterMs } = habits
  for (let retries = 1; ;) {
    const attempt = new Attempt(context, behaviour, watch, { ...habits, disconnectAfterMs })
    const sendAgain = sendTwice(context, behaviour, message, habits, retries === 1)
    const result = await driver.turn(message, watch, attempt.signal)
    sendAgain?.cancel()
    attempt.end()
    watch.refusals.ended(result)
    let waitMs: number | undefined
    if (attempt.disconnected) {
      disconnectAfterMs = undefined
      waitMs = habits.reconnectAfterMs
      if (waitMs !== undefined) behaviour.count('reconnected', clock.now())
    } else if (isRefusal(result)) {
      // What a target says is wall time; a compressed run waits its share of it.
      const retryAfterMs = result.retryAfterMs === undefined ? undefined : result.retryAfterMs * clock.speed
      waitMs = behaviour.retryMs(session, turn, retries++, retryAfterMs)
      if (waitMs !== undefined) {
        behaviour.count('retried', clock.now())
        watch.refusals.retried(waitMs, retryAfterMs)
      }
    }
    if (waitMs === undefined) return result
    if (!(await waitUnlessAborted(clock, waitMs, watch.signal))) return abandoned
    watch.again(clock.now())
  }
}

/** One attempt of a user who may drop it or stop reading. */
class Attempt {
  disconnected = false
  readonly #own = new TurnCut()
  readonly #watch: TurnWatch
  readonly #alarms: { cancel(): void }[] = []
  readonly #onAbort = (): void => this.#own.abort()

  constructor(context: TurnContext, behaviour: UserBehaviour, watch: TurnWatch, habits: Wanted) {
    const { clock } = context
    const { disconnectAfterMs, stallMs } = habits
    this.#watch = watch
    if (watch.signal.aborted) this.#own.abort()
    else watch.signal.addEventListener('abort', this.#onAbort)
    watch.onFirstText = (exchange) => {
      const atMs = clock.now()
      if (disconnectAfterMs !== undefined)
        this.#alarms.push(
          clock.at(atMs + disconnectAfterMs, () => {
            this.disconnected = true
            behaviour.count('disconnected', clock.now())
            this.#own.abort()
          }),
        )
      if (stallMs === undefined || !exchange) return
      behaviour.count('stalled', atMs)
      exchange.pause()
      this.#alarms.push(clock.at(atMs + stallMs, () => exchange.resume()))
    }
  }

  get signal(): TurnSignal {
    return this.#own
  }

  end(): void {
    this.#watch.onFirstText = undefined
    this.#watch.signal.removeEventListener('abort', this.#onAbort)
    for (const alarm of this.#alarms) alarm.cancel()
  }
}

type Wanted = Pick<TurnHabits, 'stallMs'> & { readonly disconnectAfterMs: number | undefined }

const nobody: TurnObserver = { token() {}, status() {}, text() {} }

/** The second send goes its own way: nobody waits for its answer, which is read to its end all the same. */
function sendTwice(
  { clock, driver, cut, duplicates }: TurnContext,
  behaviour: UserBehaviour,
  message: DriverTurn,
  { doubleSendAfterMs }: TurnHabits,
  first: boolean,
): { cancel(): void } | undefined {
  if (!first || doubleSendAfterMs === undefined || !duplicates) return undefined
  return clock.at(clock.now() + doubleSendAfterMs, () => {
    behaviour.count('doubleSent', clock.now())
    const sent = driver.turn({ ...message, last: false }, nobody, cut)
    duplicates.add(sent)
    void sent.finally(() => duplicates.delete(sent))
  })
}
