import { plan } from '../plan/plan.ts'
import { growingTurns } from '../simulate/warm-up.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'

/** A busy tone in a thousand takes many calls to be known. */
const ofCalls = { warmupMs: hourMs, measuredMs: 8 * hourMs }
const usual = { warmupMs: 600_000, measuredMs: 7_200_000 }
/** Conversations begin with nothing said, and grow for so many times their mean before they count. */
const growingTimes = 2

/** What a simulated trial near a level leaves out, and counts. */
export function simulatedWindow(workload: Workload, level: Level): typeof usual {
  if (workload.phone?.alone) return ofCalls
  const growing = growingTurns(workload)
  if (growing === 0) return usual
  const thinkMs = Math.max(...workload.scenarios.map(({ think }) => think.mean))
  const turnMs = plan(workload, level).latency.turnMs?.mean ?? 0
  const growingMs = Math.round(growingTimes * growing * (thinkMs + turnMs))
  return { ...usual, warmupMs: Math.max(usual.warmupMs, growingMs) }
}
