/** A place where jobs wait and are served, as a state machine that is told the time; the caller owns the timers. */
export interface Station {
  /**
   * False when the station sheds the job. `work` is in the station's own unit; `context` is what a job holds of a
   * station's memory from the beginning, its input tokens, where the station has a limit for that.
   */
  arrive(atMs: number, job: number, work: number, context?: number): boolean
  /** The job gives up, waiting or in service. Unknown jobs are ignored. */
  leave(atMs: number, job: number): void
  /** When something next happens by itself; Infinity when idle. */
  nextAtMs(): number
  /** Lets time pass up to `atMs` and reports each job that is done. */
  advance(atMs: number, done: (job: number, atMs: number) => void): void
  /** Jobs in service and waiting. */
  readonly inService: number
  readonly waiting: number
}
