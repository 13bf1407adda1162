// Edge file: the run's clock, in workload milliseconds since the run began.
import { monotonicMs } from '../../clock/now.ts'

/** An alarm that can be taken back. */
export interface Alarm {
  cancel(): void
}

export interface RunClock {
  /** Instant 0 of the run on the machine's monotonic clock. */
  readonly startedMs: number
  readonly speed: number
  /** Milliseconds of workload time since the run began. */
  now(): number
  /** Calls `ring` at an instant, never before it. */
  at(atMs: number, ring: () => void): Alarm
  stop(): void
}

/** Waits for wall milliseconds. */
export function sleep(clock: RunClock, wallMs: number): Promise<void> {
  return new Promise((resolve) => clock.at(clock.now() + wallMs * clock.speed, resolve))
}

/** Fewer alarms than this are not worth a sweep. */
const fewestSwept = 4096

interface Entry {
  readonly atMs: number
  ring: (() => void) | undefined
}

/** A binary heap of absolute instants behind one timer; instant 0 is now, or an instant of the machine's clock. */
export function startRunClock(speed: number, startedMs: number = monotonicMs()): RunClock {
  let heap: Entry[] = []
  /** Alarms in the heap that were taken back: most are of turns that ended long before their time limit. */
  let cancelled = 0
  let timer: NodeJS.Timeout | undefined
  let armedForMs = Infinity
  const now = (): number => (monotonicMs() - startedMs) * speed

  function arm(): void {
    while (heap.length > 0 && !heap[0]!.ring) {
      pop(heap)
      cancelled--
    }
    const next = heap[0]
    if (!next) return
    if (timer && armedForMs <= next.atMs) return
    clearTimeout(timer)
    armedForMs = next.atMs
    timer = setTimeout(ringDue, Math.min(2 ** 30, Math.max(0, Math.ceil((next.atMs - now()) / speed))))
  }

  function ringDue(): void {
    timer = undefined
    const until = now()
    while (heap.length > 0 && heap[0]!.atMs <= until) {
      const entry = pop(heap)
      const ring = entry.ring
      entry.ring = undefined
      if (ring) ring()
      else cancelled--
    }
    arm()
  }

  function sweep(): void {
    // In order, a list is a heap.
    heap = heap.filter(({ ring }) => ring).sort((a, b) => a.atMs - b.atMs)
    cancelled = 0
  }

  return {
    startedMs,
    speed,
    now,
    at(atMs, ring) {
      const entry: Entry = { atMs, ring }
      push(heap, entry)
      arm()
      return {
        cancel() {
          if (!entry.ring) return
          entry.ring = undefined
          if (++cancelled > fewestSwept && cancelled > heap.length / 2) sweep()
        },
      }
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
      heap.length = 0
    },
  }
}

function push(heap: Entry[], entry: Entry): void {
  let i = heap.length
  heap.push(entry)
  while (i > 0) {
    const parent = (i - 1) >> 1
    if (heap[parent]!.atMs <= entry.atMs) break
    heap[i] = heap[parent]!
    i = parent
  }
  heap[i] = entry
}

function pop(heap: Entry[]): Entry {
  const top = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return top
  let i = 0
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++
    if (heap[child]!.atMs >= last.atMs) break
    heap[i] = heap[child]!
    i = child
  }
  heap[i] = last
  return top
}
