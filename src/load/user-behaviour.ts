import type { Sessions } from '../sessions/sessions.ts'
import type { Behaviour } from '../workload/behaviour.ts'

/** What users did beside sending and waiting, within the measured window. */
export interface BehaviourCounts {
  disconnected: number
  reconnected: number
  stalled: number
  doubleSent: number
  retried: number
}

/** What one user does in one turn; absent is what does not happen. Milliseconds of workload time. */
export interface TurnHabits {
  readonly disconnectAfterMs?: number
  readonly reconnectAfterMs?: number
  readonly stallMs?: number
  readonly doubleSendAfterMs?: number
}

/** Draws of the engine's own begin at 32; these are the users'. */
const purposes = {
  disconnect: 64,
  disconnectAfter: 65,
  reconnect: 66,
  stall: 67,
  stallFor: 68,
  doubleSend: 69,
  doubleSendAfter: 70,
  backoff: 71,
}

/** Draws what users do, by their coordinates alone, and counts what they did. */
export class UserBehaviour {
  readonly counts: BehaviourCounts = {
    disconnected: 0,
    reconnected: 0,
    stalled: 0,
    doubleSent: 0,
    retried: 0,
  }
  readonly #behaviour: Behaviour
  readonly #sessions: Sessions
  readonly #fromMs: number

  /** Before `fromMs` nothing is counted: it belongs to the warm-up. */
  constructor(behaviour: Behaviour, sessions: Sessions, fromMs: number) {
    this.#behaviour = behaviour
    this.#sessions = sessions
    this.#fromMs = fromMs
  }

  habits(session: number, turn: number): TurnHabits {
    const { disconnect, stall, doubleSend } = this.#behaviour
    const u = (purpose: number): number => this.#sessions.uniform(session, turn, 0, 0, purpose)
    const does = (share: number | undefined, purpose: number): boolean =>
      share !== undefined && u(purpose) < share
    return {
      ...(does(disconnect?.share, purposes.disconnect) && {
        disconnectAfterMs: disconnect!.after.quantile(u(purposes.disconnectAfter)),
        ...(disconnect!.reconnect && {
          reconnectAfterMs: disconnect!.reconnect.quantile(u(purposes.reconnect)),
        }),
      }),
      ...(does(stall?.share, purposes.stall) && { stallMs: stall!.for.quantile(u(purposes.stallFor)) }),
      ...(does(doubleSend?.share, purposes.doubleSend) && {
        doubleSendAfterMs: doubleSend!.after.quantile(u(purposes.doubleSendAfter)),
      }),
    }
  }

  /** How long a client waits before its next attempt, from 1 on; undefined when it gives up. */
  retryMs(
    session: number,
    turn: number,
    attempt: number,
    retryAfterMs: number | undefined,
  ): number | undefined {
    const { retry } = this.#behaviour
    if (!retry || attempt > retry.attempts) return undefined
    if (retry.honourRetryAfter && retryAfterMs !== undefined) return retryAfterMs
    const u = this.#sessions.uniform(session, turn, 0, attempt, purposes.backoff)
    return retry.backoff.quantile(u) * 2 ** (attempt - 1)
  }

  count(kind: keyof BehaviourCounts, atMs: number): void {
    if (atMs >= this.#fromMs) this.counts[kind]++
  }
}
