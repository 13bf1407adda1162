import type { RealClock } from '../clock/edge/real-clock.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { EngineStation } from '../service/engine-station.ts'
import type { Station } from '../service/station.ts'
import type { WorkloadClock } from './workload-clock.ts'

export interface StationJob {
  /** What it holds of the station's memory. */
  readonly context?: number
  /** The first token is out; only engines say so. */
  first?(atMs: number): void
  done(atMs: number): void
}

/** A station of `service` on the real clock. Instants that it tells are of the machine's monotonic clock. */
export class TimedStation<S extends Station = Station> {
  readonly station: S
  readonly #time: WorkloadClock
  readonly #clock: RealClock
  readonly #jobs = new Map<number, StationJob>()
  readonly #timer: Timer
  #last = 0

  constructor(station: S, time: WorkloadClock, clock: RealClock) {
    this.station = station
    this.#time = time
    this.#clock = clock
    this.#timer = new Timer((nowMs) => this.#advance(nowMs))
  }

  /** Work is in the station's own unit. Returns the job's number. */
  arrive(nowMs: number, work: number, job: StationJob): number {
    this.#advance(nowMs)
    const number = ++this.#last
    this.#jobs.set(number, job)
    this.station.at(this.#time.toWorkload(nowMs)).arrive(number, work, job.context)
    this.#arm()
    return number
  }

  leave(nowMs: number, job: number): void {
    if (!this.#jobs.delete(job)) return
    this.#advance(nowMs)
    this.station.at(this.#time.toWorkload(nowMs)).leave(job)
    this.#arm()
  }

  /** Lets time pass: what is done by now is told before this returns. */
  catchUp(nowMs: number): void {
    this.#advance(nowMs)
  }

  #advance(nowMs: number): void {
    const { station } = this
    const told: Pick<EngineStation, 'advance'> = station.at(this.#time.toWorkload(nowMs))
    told.advance(
      (number) => {
        const job = this.#jobs.get(number)
        this.#jobs.delete(number)
        job?.done(this.#time.toMonotonic(station.atMs))
      },
      (number) => this.#jobs.get(number)?.first?.(this.#time.toMonotonic(station.atMs)),
    )
    this.#arm()
  }

  #arm(): void {
    const nextMs = this.station.nextAtMs
    if (nextMs === Infinity) this.#clock.clear(this.#timer)
    else this.#clock.set(this.#timer, this.#time.toMonotonic(nextMs))
  }
}
