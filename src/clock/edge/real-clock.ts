// Edge file: turns a timer wheel by the machine's clock, with one timer of the machine's.
import { monotonicMs } from '../now.ts'
import { type Timer, TimerWheel } from '../timer-wheel.ts'

/** Absolute instants of `monotonicMs`, kept by one timer however many are set. */
export interface RealClock {
  set(timer: Timer, atMs: number): void
  clear(timer: Timer): void
  /** Forgets all timers; nothing keeps the process alive any more. */
  stop(): void
}

const longestSleepMs = 2 ** 30

export function startRealClock(): RealClock {
  const wheel = new TimerWheel(monotonicMs())
  let alarm: NodeJS.Timeout | undefined
  let alarmAtMs = Infinity
  let stopped = false

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
    try {
      wheel.advance(monotonicMs())
    } finally {
      arm()
    }
  }

  return {
    set(timer, atMs) {
      if (stopped) return
      wheel.set(timer, atMs)
      if (atMs < alarmAtMs) arm()
    },
    clear: (timer) => wheel.clear(timer),
    stop() {
      stopped = true
      clearTimeout(alarm)
      alarm = undefined
    },
  }
}
