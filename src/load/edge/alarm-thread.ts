// Edge file: a thread that sleeps until instants. The machine's timers count whole milliseconds and an event loop rounds
// them up once more, so who is called by them is up to 2 ms late; from its sleep on memory a thread wakes within a tenth.
import { Worker } from 'node:worker_threads'

/** Rings at the instant that was set last, once. */
export interface AlarmThread {
  /** An instant of the machine's monotonic clock. */
  set(atMs: number): void
  stop(): void
}

interface Shared {
  /** How often an instant was set, how often it rang, and whether it is over. */
  readonly counts: Int32Array
  readonly instant: Float64Array
}

/** Starts a thread that calls `ring` in this one at the instant that was set. */
export function startAlarmThread(ring: () => void): AlarmThread {
  const counts = new Int32Array(new SharedArrayBuffer(12))
  const instant = new Float64Array(new SharedArrayBuffer(8)).fill(Infinity)
  const shared: Shared = { counts, instant }
  const thread = new Worker(`(${sleepAndRing.toString()})(require('node:worker_threads').workerData)`, {
    eval: true,
    workerData: shared,
    execArgv: [],
  })
  thread.unref()
  // Where there can be no thread the timers do, as late as they are.
  thread.on('error', () => {})
  let rung = 0
  let stopped = false

  function listen(): void {
    void Promise.resolve(Atomics.waitAsync(counts, 1, rung).value).then(() => {
      if (stopped) return
      rung = Atomics.load(counts, 1)
      listen()
      ring()
    })
  }
  listen()

  return {
    set(atMs) {
      instant[0] = atMs
      Atomics.add(counts, 0, 1)
      Atomics.notify(counts, 0)
    },
    stop() {
      if (stopped) return
      stopped = true
      Atomics.store(counts, 2, 1)
      Atomics.add(counts, 0, 1)
      Atomics.notify(counts, 0)
      Atomics.notify(counts, 1)
    },
  }
}

/** What the thread does; it is told as text, so nothing of this file is there. */
function sleepAndRing({ counts, instant }: Shared): void {
  const nowMs = (): number => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds * 1000 + nanoseconds / 1e6
  }
  for (;;) {
    const set = Atomics.load(counts, 0)
    if (Atomics.load(counts, 2) === 1) return
    const leftMs = instant[0]! - nowMs()
    // Set anew before that instant.
    if (leftMs > 0 && Atomics.wait(counts, 0, set, leftMs) !== 'timed-out') continue
    Atomics.add(counts, 1, 1)
    Atomics.notify(counts, 1)
    Atomics.wait(counts, 0, set)
  }
}
