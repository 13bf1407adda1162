import type { RealClock } from '../clock/edge/real-clock.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { EngineStation } from '../service/engine-station.ts'
import type { Listener, Pace, Pieces } from './pace.ts'
import type { TimedStation } from './timed-station.ts'
import type { WorkloadClock } from './workload-clock.ts'

export interface EngineCall {
  readonly engine: TimedStation<EngineStation>
  readonly time: WorkloadClock
  readonly clock: RealClock
  readonly tokens: number
  readonly inputTokens: number
}

/** When an engine's next token comes changes with every call that comes or goes, so it is looked at, no more often. */
const shortestLookMs = 2

/** As fast as an engine makes tokens under the load that it has. */
export function enginePace({ engine, time, clock, tokens, inputTokens }: EngineCall, pieces: Pieces): Pace {
  const nextPiece = (told: number): number => pieces.nextPiece(told)
  let job = 0
  let told = 0
  let firstAtMs = NaN
  let timer: Timer | undefined

  function made(nowMs: number): number {
    engine.catchUp(nowMs)
    if (told >= tokens || Number.isNaN(firstAtMs)) return told
    const progress = Math.floor(engine.station.at(time.toWorkload(nowMs)).progress(job))
    return Math.max(told, Math.min(tokens - 1, progress))
  }

  function finish(): void {
    if (timer) clock.clear(timer)
    timer = undefined
  }

  function look(nowMs: number, listener: Listener): void {
    const count = made(nowMs)
    if (!timer) return
    if (nextPiece(told) <= count) {
      while (nextPiece(told) <= count) told = nextPiece(told)
      listener.tell(told, nowMs)
      if (!timer) return
    }
    const perTokenMs = (nowMs - firstAtMs) / Math.max(1, count)
    clock.set(timer, nowMs + Math.max(shortestLookMs, (nextPiece(told) - count) * perTokenMs))
  }

  return {
    start(nowMs, listener) {
      timer = new Timer((nowMs) => look(nowMs, listener))
      job = engine.arrive(nowMs, tokens, {
        context: inputTokens,
        first(atMs) {
          firstAtMs = atMs
          const first = nextPiece(0)
          if (!timer || first >= tokens) return
          told = first
          listener.tell(first, atMs)
          if (timer) clock.set(timer, atMs)
        },
        done(atMs) {
          finish()
          told = tokens
          listener.tell(tokens, atMs)
        },
      })
    },
    stop(nowMs) {
      finish()
      engine.leave(nowMs, job)
    },
    made,
  }
}
