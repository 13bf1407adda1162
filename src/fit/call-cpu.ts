/** A measured run of calls, on average: calls that were up, turns that ended, and what the agent's processes used. */
export interface CallsRun {
  readonly calls: number
  readonly turnsPerSecond: number
  readonly cores: number
}

/** What calls cost an agent on the telephone, milliseconds of CPU. */
export interface CallCpu {
  /** For each second that a call is up without a word. */
  readonly silentMs: number
  /** For each second that it is up, answers spoken: `agent.voice.cpuPerSecond`. */
  readonly perSecondMs: number
  /** Of a turn before its answer sounds: `agent.overhead.cpuPerCall` where it calls the model once. */
  readonly perTurnMs: number
}

/**
 * What calls cost by the second and what turns cost before their first sound, from a run whose callers are silent and
 * one in which they speak. What of a response nothing else explains (`restMs`) is the agent's own work, slowed by all
 * that one core was busy with; at most it is all that speaking adds. The rest of that is the sound of answers.
 */
export function callCpu(silent: CallsRun, speaking: CallsRun, restMs: number): CallCpu {
  const silentMs = (silent.cores / silent.calls) * 1000
  const { calls, turnsPerSecond, cores } = speaking
  const addedMs = Math.max(0, (cores * 1000 - silentMs * calls) / turnsPerSecond)
  const perTurnMs = Math.min(addedMs, Math.max(0, restMs * (1 - cores)))
  return { silentMs, perSecondMs: (cores * 1000 - perTurnMs * turnsPerSecond) / calls, perTurnMs }
}
