/**
 * A place where jobs wait and are served, as a state machine that is told the time; the caller owns the timers. Instants
 * stand in fields on their way in and out, as in `EventQueue`.
 */
export interface Station {
  /** The instant that it has come to: of what is told at the time. */
  readonly atMs: number
  /** When something next happens by itself; Infinity when idle. */
  readonly nextAtMs: number
  /** The instant of what follows: `station.at(atMs).arrive(job, work)`. */
  at(atMs: number): this
  /**
   * False when the station sheds the job. `work` is in the station's own unit; `context` is what a job holds of a
   * station's memory from the beginning, its input tokens, where the station has a limit for that.
   */
  arrive(job: number, work: number, context?: number): boolean
  /** The job gives up, waiting or in service. Unknown jobs are ignored. */
  leave(job: number): void
  /** Lets time pass and reports each job that is done. */
  advance(done: (job: number) => void): void
  /** Jobs in service and waiting. */
  readonly inService: number
  readonly waiting: number
}
