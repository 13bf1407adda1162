/** Workload time of a run that began at `startedMs` of the monotonic clock, at `speed` times the pace of the wall. */
export class WorkloadClock {
  readonly startedMs: number
  readonly speed: number

  constructor(startedMs: number, speed: number) {
    this.startedMs = startedMs
    this.speed = speed
  }

  toWorkload(monotonicMs: number): number {
    return (monotonicMs - this.startedMs) * this.speed
  }

  toMonotonic(workloadMs: number): number {
    return this.startedMs + workloadMs / this.speed
  }
}
