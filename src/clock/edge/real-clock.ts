// Edge file: turns a timer wheel by the machine's clock, with one timer of the machine's.
import { monotonicMs } from '../now.ts'
import { type Due, TimerWheel } from '../timer-wheel.ts'

/** Absolute instants of `monotonicMs`, kept by one timer however many are set. */
export interface RealClock {
  set(timer: Due, atMs: number): void
  clear(timer: Due): void
  /** Forgets all timers; nothing keeps the process alive any more. */
  stop(): void
}

const longestSleepMs = 2 ** 30
/**
 * What is due is done in slices of this length, and what came in is looked at in between: a request that waits behind a
 * burst of chunks is late with its whole answer, a chunk with itself alone.
 */
const sliceMs = 1

export function startRealClock(): RealClock {
  const wheel = new TimerWheel(monotonicMs())
  let alarm: NodeJS.Timeout | undefined
  let alarmAtMs = Infinity
  let rest: NodeJS.Immediate | undefined
  let stopped = false
  let sliceEndMs = 0
  const isSliceOver = (): boolean => monotonicMs() >= sliceEndMs

  // Also called while a slice is on, by what is set then: who counts from its end is late by as long as it took.
  function arm(): void {
    const nextMs = wheel.nextAtMs()
    if (stopped || nextMs === Infinity || (alarm && alarmAtMs <= nextMs)) return
    clearTimeout(alarm)
    alarmAtMs = nextMs
    // The machine's timer counts whole milliseconds and cuts off what is over.
    alarm = setTimeout(ring, Math.min(longestSleepMs, Math.max(0, Math.ceil(nextMs - monotonicMs()))))
  }

  function ring(): void {
    alarm = undefined
    alarmAtMs = Infinity
    if (!rest) doSlice()
  }

  function doSlice(): void {
    rest = undefined
    const nowMs = monotonicMs()
    sliceEndMs = nowMs + sliceMs
    let isLeft = true
    try {
      isLeft = wheel.advance(nowMs, isSliceOver)
      // For what became due meanwhile the machine's timer would first sleep for a millisecond.
      isLeft ||= wheel.nextAtMs() <= monotonicMs()
    } finally {
      if (!isLeft) arm()
      else if (!stopped) rest = setImmediate(doSlice)
    }
  }

  return {
    set(timer, atMs) {
      if (stopped) return
      wheel.set(timer, atMs)
      if (!rest && atMs < alarmAtMs) arm()
    },
    clear: (timer) => wheel.clear(timer),
    stop() {
      stopped = true
      clearTimeout(alarm)
      clearImmediate(rest)
      alarm = undefined
      rest = undefined
    },
  }
}
