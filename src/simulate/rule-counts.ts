/** How often each of the agent's rules did something, within the window. */
export class RuleCounts {
  degraded = 0
  displaced = 0
  stateFailures = 0
  serverFailures = 0
  serversStarted = 0
  serversStopped = 0
  /** By model and by tool. */
  readonly fellBack: Float64Array
  readonly callsTimedOut: Float64Array
  readonly toolsTimedOut: Float64Array

  constructor(models: number, tools: number) {
    this.fellBack = new Float64Array(models)
    this.callsTimedOut = new Float64Array(models)
    this.toolsTimedOut = new Float64Array(tools)
  }
}
