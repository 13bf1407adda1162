import type { Worker } from 'node:worker_threads'
import type { CallRecord } from '../../result/records.ts'
import type { AdminReset } from '../../wire/admin-api.ts'
import type { FaultRule } from '../faults.ts'
import type { Playing, SharedStart } from '../running-provider.ts'
import type { TallyParts } from '../tally.ts'

/** What a thread that plays is started with. */
export interface ThreadStart {
  readonly playing: Omit<Playing, 'among'>
  readonly start: SharedStart
  /** Begins its ids. */
  readonly idPrefix: string
  /** Name of the channel on which threads tell each other what they remember. */
  readonly channel: string
  readonly listen: { readonly host: string; readonly port: number }
  /** Where the owner answers what threads do not play. */
  readonly ownerPath: string
}

/** Messages to a thread, which handles them in order: one that has answered has handled all that came before. */
export type ToThread =
  | { readonly kind: 'start'; readonly start: ThreadStart }
  | { readonly kind: 'reset'; readonly reset: AdminReset; readonly start: SharedStart }
  | { readonly kind: 'faults'; readonly rules: readonly FaultRule[] }
  | { readonly kind: 'tell' }
  | { readonly kind: 'close' }

/** What a thread saw since it told last, in the epoch that is on. */
export interface Told {
  readonly tally: TallyParts
  readonly records: readonly Readonly<CallRecord>[]
  readonly loopDelayP99Ms: number
}

/** Sends a message to a thread and waits for an answer of one of these kinds. */
export function askThread<K extends FromThread['kind']>(
  thread: Worker,
  question: ToThread,
  kinds: readonly K[],
): Promise<Extract<FromThread, { kind: K }>> {
  const isAnswer = (message: FromThread): message is Extract<FromThread, { kind: K }> =>
    (kinds as readonly string[]).includes(message.kind)
  const answer = new Promise<Extract<FromThread, { kind: K }>>((resolve) => {
    const hear = (message: FromThread): void => {
      if (!isAnswer(message)) return
      thread.off('message', hear)
      resolve(message)
    }
    thread.on('message', hear)
  })
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  thread.postMessage(question)
  return answer
}

export type FromThread =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly message: string; readonly code: string | undefined }
  | { readonly kind: 'told'; readonly told: Told }
  | { readonly kind: 'closed' }
