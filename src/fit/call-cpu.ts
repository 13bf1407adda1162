/** A measured run of calls, on average: calls that were up, turns that ended, and what the agent's processes used. */
export interface CallsRun {
  readonly calls: number
  readonly turnsPerSecond: number
  readonly cores: number
}

/** What a call costs an agent on the telephone, milliseconds of CPU. */
export interface CallCpu {
  /** For each second that it is up, whatever is said: `agent.voice.cpuPerSecond`. */
  readonly perSecondMs: number
  /** What a turn adds to it. */
  readonly perTurnMs: number
}

/**
 * What calls cost by themselves, and what turns add: from a run whose callers are silent and one in which they speak.
 * Where noise hides what turns add it is 0, and all is the calls'.
 */
export function callCpu(silent: CallsRun, speaking: CallsRun): CallCpu {
  const perCall = silent.cores / silent.calls
  const perTurn = (speaking.cores - perCall * speaking.calls) / speaking.turnsPerSecond
  if (perTurn > 0) return { perSecondMs: perCall * 1000, perTurnMs: perTurn * 1000 }
  const together = (silent.cores + speaking.cores) / (silent.calls + speaking.calls)
  return { perSecondMs: together * 1000, perTurnMs: 0 }
}
