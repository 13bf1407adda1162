import type { Worker } from 'node:worker_threads'
import { startThread } from '../host/start-thread.ts'
import type { Crew, CrewAtEnd, CrewNews, CrewPart, CrewTask, Muster, ReadyCrews } from '../load/crew.ts'
import { TurnBudget, type TurnLimits } from '../load/turn-budget.ts'
import type { EndedSession } from '../result/ended-sessions.ts'
import type { EndedTurn } from '../load/run-turn.ts'
import type { BehaviourCounts } from '../load/user-behaviour.ts'
import type { SelfUse } from '../host/edge/self-probe.ts'
import type { ScriptSample } from '../result/records.ts'

const entry = new URL('./load-thread.ts', import.meta.url)

/** What a thread is started with: the file to read, and which of its users to play. */
export interface ThreadTask {
  readonly file: string
  readonly set: readonly string[]
  readonly script?: string
  readonly task: CrewTask
  readonly part: CrewPart
  readonly limits: TurnLimits
  /** Where there are limits: what is left of them, shared by all threads. */
  readonly budget?: SharedArrayBuffer
}

/** To a thread. */
export type ThreadOrder = { readonly begin: number } | 'stop' | 'cut' | 'close'

/** From a thread: what happened since its last message, in the order in which it happened. */
export type ThreadMessage =
  | 'ready'
  | { readonly news: readonly ThreadNews[] }
  | { readonly gone: true; readonly bug?: unknown }
  | { readonly end: CrewAtEnd; readonly self: SelfUse }

export type ThreadNews =
  | { readonly started: number }
  | { readonly turn: EndedTurn }
  | { readonly sessionStartedAtMs: number }
  | { readonly sessionEndedAtMs: number; readonly session: EndedSession }
  | { readonly sessionTurnedAwayAtMs: number }
  | { readonly sample: ScriptSample }
  | { readonly remark: string }
  | { readonly stray: string }
  | { readonly refused: 'turns' | 'dollars' }

/**
 * Threads that read the workload file again and play its users together, each user in one of them. `onStray` is told what
 * scripts throw where nobody waits for it.
 */
export function loadThreads(
  count: number,
  from: { readonly file: string; readonly set: readonly string[]; readonly script?: string },
  onStray: (message: string) => void = () => {},
): Muster {
  return async (task, limits) => {
    const isLimited = limits.maxTurns !== undefined || limits.maxSpendUsd !== undefined
    const budget = isLimited ? new TurnBudget(limits).memory : undefined
    const threads = Array.from(
      { length: count },
      (_, index) =>
        new LoadThread(
          { ...from, task, part: { index, of: count }, limits, ...(budget ? { budget } : {}) },
          onStray,
        ),
    )
    try {
      await Promise.all(threads.map((thread) => thread.ready))
    } catch (error) {
      await dismiss(threads)
      throw error
    }
    return readyCrews(threads)
  }
}

const dismiss = async (threads: readonly LoadThread[]): Promise<void> => {
  await Promise.all(threads.map((thread) => thread.terminate()))
}

function readyCrews(threads: readonly LoadThread[]): ReadyCrews {
  return {
    dismiss: () => dismiss(threads),
    begin(startedMs, news): Crew {
      for (const thread of threads) thread.begin(startedMs, news)
      let closing: Promise<CrewAtEnd> | undefined
      return {
        stop: () => threads.forEach((thread) => thread.order('stop')),
        cut: () => threads.forEach((thread) => thread.order('cut')),
        gone: Promise.all(threads.map((thread) => thread.gone)).then(() => {}),
        close: () => (closing ??= closeAll(threads)),
      }
    },
  }
}

async function closeAll(threads: readonly LoadThread[]): Promise<CrewAtEnd> {
  try {
    const ends = await Promise.all(threads.map((thread) => thread.close()))
    const behaviour = ends.flatMap(({ end }) => end.behaviour ?? [])
    return {
      gaps: ends.flatMap(({ end }) => end.gaps),
      workers: ends.map(({ self }) => self),
      ...(behaviour.length > 0 ? { behaviour: summed(behaviour) } : {}),
    }
  } finally {
    await dismiss(threads)
  }
}

function summed(all: readonly BehaviourCounts[]): BehaviourCounts {
  const sum = { ...all[0]! }
  for (const counts of all.slice(1))
    for (const kind of Object.keys(sum) as (keyof BehaviourCounts)[]) sum[kind] += counts[kind]
  return sum
}

interface End {
  readonly end: CrewAtEnd
  readonly self: SelfUse
}

/** One thread, seen from the run. */
class LoadThread {
  readonly ready: Promise<void>
  readonly gone: Promise<void>
  readonly #worker: Worker
  readonly #ended: Promise<End>
  readonly #onStray: (message: string) => void
  #news: CrewNews | undefined

  constructor(task: ThreadTask, onStray: (message: string) => void) {
    this.#onStray = onStray
    this.#worker = startThread(entry, { workerData: task })
    const ready = Promise.withResolvers<void>()
    const gone = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<End>()
    const fail = (error: unknown): void => [ready, gone, ended].forEach(({ reject }) => reject(error))
    this.#worker.on('message', (message: ThreadMessage) => {
      if (message === 'ready') ready.resolve()
      else if ('news' in message) this.#tell(message.news)
      else if ('end' in message) ended.resolve(message)
      else if (message.bug === undefined) gone.resolve()
      else gone.reject(message.bug)
    })
    this.#worker.on('error', fail)
    this.#worker.on('exit', () => fail(new Error('a thread of the generator ended too early')))
    this.ready = ready.promise
    this.gone = gone.promise
    this.#ended = ended.promise
    // Who waits for one of them hears of a failure; the others have nobody to tell.
    for (const { promise } of [ready, gone, ended]) promise.catch(() => {})
  }

  begin(startedMs: number, news: CrewNews): void {
    this.#news = news
    this.order({ begin: startedMs })
  }

  order(order: ThreadOrder): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#worker.postMessage(order)
  }

  close(): Promise<End> {
    this.order('close')
    return this.#ended
  }

  terminate(): Promise<unknown> {
    return this.#worker.terminate()
  }

  #tell(all: readonly ThreadNews[]): void {
    const news = this.#news!
    for (const each of all)
      if ('turn' in each) news.ended(each.turn)
      else if ('started' in each) for (let i = 0; i < each.started; i++) news.started()
      else if ('sessionStartedAtMs' in each) news.sessionStarted(each.sessionStartedAtMs)
      else if ('sessionTurnedAwayAtMs' in each) news.sessionTurnedAway(each.sessionTurnedAwayAtMs)
      else if ('sample' in each) news.sampled(each.sample)
      else if ('stray' in each) this.#onStray(each.stray)
      else if ('remark' in each) news.remarked(each.remark)
      else if ('refused' in each) news.refused?.(each.refused)
      else news.sessionEnded(each.sessionEndedAtMs, each.session)
  }
}
