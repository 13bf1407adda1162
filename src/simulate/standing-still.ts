/** A world in which nothing takes any time has no next instant: a mistake in the file, not in the simulator. */
export class StandingStill extends Error {
  /** Kept where a thread hands the error over, unlike its class. */
  readonly code = 'standing_still'

  constructor(atMs: number) {
    super(
      `simulated time stands still at ${Math.round(atMs)} ms: turns take no time, and their users send the next one at once`,
    )
    this.name = 'StandingStill'
  }
}
