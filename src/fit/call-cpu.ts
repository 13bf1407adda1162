/** A measured run of calls, on average: calls that were up, turns that ended, and cores of the agent that were in use. */
export interface CallsRun {
  readonly calls: number
  readonly turnsPerSecond: number
  readonly cores: number
}

/** What calls cost an agent on the telephone, milliseconds of CPU. */
export interface CallCpu {
  /** For each second that a call is up: `agent.voice.cpuPerSecond`. */
  readonly perSecondMs: number
  /** Of a turn before its answer sounds: `agent.overhead.cpuPerCall` where it calls the model once. */
  readonly perTurnMs: number
}

/**
 * What calls cost by the second, and turns before their first sound, from two runs on one core. What nothing else
 * explains of a response at light load (`restMs`) is the agent's own work, slowed by what the core was busy with; all
 * other CPU goes with the calls, at the price of the heavier run: servers do more at a time when there is more to do.
 */
export function callCpu(light: CallsRun, heavier: CallsRun, restMs: number): CallCpu {
  const perTurnMs = Math.max(0, restMs * (1 - light.cores))
  const { calls, turnsPerSecond, cores } = heavier
  return { perSecondMs: Math.max(0, cores * 1000 - perTurnMs * turnsPerSecond) / calls, perTurnMs }
}
