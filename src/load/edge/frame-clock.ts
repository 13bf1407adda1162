// Edge file: one timer for the sound of all calls.
import { Histogram } from '../../stats/histogram.ts'
import { mediaFrame } from '../../wire/twilio-media.ts'

/** Something that says a frame every 20 ms; false when it is over. */
export type Framed = (atMs: number) => boolean

export interface FrameClock {
  /** From the next whole millisecond on, every 20 ms of an absolute schedule. */
  add(framed: Framed): void
  /** Whatever else a process does, and be it for a moment, it lets frames that are due go first. */
  reach(nowMs: number): void
  /** Milliseconds from the instant at which a frame was due until it had been written. */
  readonly lateness: Histogram
  /** Frames said. */
  readonly frames: number
  /** Those from now on count; what was before is forgotten. */
  restart(): void
  stop(): void
}

/**
 * Calls are spread over the 20 milliseconds of a frame, each on the one in which it began or a less busy one beside
 * it, so that a thousand calls do not send at the same instant. A clock that was held up catches up: no frame is lost.
 * Its timer is not enough: a loop reads all sockets that are ready before it looks at timers, a thousand in a row.
 */
export function startFrameClock(now: () => number): FrameClock {
  const slots: Framed[][] = Array.from({ length: mediaFrame.ms }, () => [])
  let timer: NodeJS.Timeout | undefined
  let reachedMs = 0
  let count = 0
  let lateness = new Histogram()
  let frames = 0

  function turn(): void {
    timer = undefined
    reach(now())
    if (count > 0) timer = setTimeout(turn, 1)
  }

  function reach(nowMs: number): void {
    while (reachedMs + 1 <= nowMs && count > 0) {
      reachedMs++
      say(slots[reachedMs % mediaFrame.ms]!, reachedMs)
    }
  }

  function say(slot: Framed[], atMs: number): void {
    for (let i = 0; i < slot.length;) {
      if (slot[i]!(atMs)) {
        lateness.add(now() - atMs)
        frames++
        i++
        continue
      }
      slot[i] = slot.at(-1)!
      slot.pop()
      count--
    }
  }

  return {
    add(framed) {
      if (count === 0) reachedMs = Math.floor(now())
      const natural = reachedMs + 1
      const near = [0, 1, 2, 3].map((after) => slots[(natural + after) % mediaFrame.ms]!)
      const emptiest = near.reduce((least, slot) => (slot.length < least.length ? slot : least))
      emptiest.push(framed)
      count++
      timer ??= setTimeout(turn, 1)
    },
    reach,
    get lateness() {
      return lateness
    },
    get frames() {
      return frames
    },
    restart() {
      lateness = new Histogram()
      frames = 0
    },
    stop() {
      clearTimeout(timer)
      for (const slot of slots) slot.length = 0
      count = 0
    },
  }
}
