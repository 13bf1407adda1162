// Edge file: the run's clock, in workload milliseconds since the run began.
import { monotonicMs } from '../../clock/now.ts'
import type { AlarmThread } from './alarm-thread.ts'

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

/** An alarm knows its place, so that what is taken back leaves at once: most are of turns that end long before their limit. */
class Entry implements Alarm {
  readonly atMs: number
  readonly ring: () => void
  /** -1 when it is over. */
  place = -1
  readonly #heap: Entry[]

  constructor(heap: Entry[], atMs: number, ring: () => void) {
    this.#heap = heap
    this.atMs = atMs
    this.ring = ring
  }

  cancel(): void {
    if (this.place >= 0) remove(this.#heap, this.place)
  }
}

/** With a thread that rings on time, the timer is there for a thread that does not. */
const behindThreadMs = 20

/**
 * A binary heap of absolute instants behind one timer; instant 0 is now, or an instant of the machine's clock. A timer is
 * late by a millisecond: where that is too much, `startAlarm` starts what is not.
 */
export function startRunClock(
  speed: number,
  startedMs: number = monotonicMs(),
  startAlarm?: (ring: () => void) => AlarmThread,
): RunClock {
  const heap: Entry[] = []
  let timer: NodeJS.Timeout | undefined
  let armedForMs = Infinity
  const now = (): number => (monotonicMs() - startedMs) * speed
  const alarm = startAlarm?.(ringDue)

  function arm(): void {
    const next = heap[0]
    if (!next) return
    if (timer && armedForMs <= next.atMs) return
    clearTimeout(timer)
    armedForMs = next.atMs
    alarm?.set(startedMs + next.atMs / speed)
    const waitMs = Math.max(0, Math.ceil((next.atMs - now()) / speed)) + (alarm ? behindThreadMs : 0)
    timer = setTimeout(ringDue, Math.min(2 ** 30, waitMs))
  }

  function ringDue(): void {
    clearTimeout(timer)
    timer = undefined
    const until = now()
    while (heap.length > 0 && heap[0]!.atMs <= until) {
      const { ring } = heap[0]!
      remove(heap, 0)
      ring()
    }
    arm()
  }

  return {
    startedMs,
    speed,
    now,
    at(atMs, ring) {
      const entry = new Entry(heap, atMs, ring)
      heap.push(entry)
      rise(heap, entry, heap.length - 1)
      arm()
      return entry
    },
    stop() {
      alarm?.stop()
      clearTimeout(timer)
      timer = undefined
      for (const entry of heap) entry.place = -1
      heap.length = 0
    },
  }
}

/** Puts an entry where it belongs from `place` up. */
function rise(heap: Entry[], entry: Entry, place: number): void {
  let i = place
  while (i > 0) {
    const parent = heap[(i - 1) >> 1]!
    if (parent.atMs <= entry.atMs) break
    heap[i] = parent
    parent.place = i
    i = (i - 1) >> 1
  }
  heap[i] = entry
  entry.place = i
}

function remove(heap: Entry[], place: number): void {
  heap[place]!.place = -1
  const last = heap.pop()!
  if (place === heap.length) return
  // Of the entries below the gap the earliest moves up until the last one fits.
  let i = place
  for (;;) {
    let child = 2 * i + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && heap[child + 1]!.atMs < heap[child]!.atMs) child++
    if (heap[child]!.atMs >= last.atMs) break
    heap[i] = heap[child]!
    heap[i]!.place = i
    i = child
  }
  rise(heap, last, i)
}
