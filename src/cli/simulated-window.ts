import { plan } from '../plan/plan.ts'
import { growingTurns } from '../simulate/warm-up.ts'
import type { Scale } from '../workload/agent-rules.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'

/** A busy tone in a thousand takes many calls to be known. */
const ofCalls = { warmupMs: hourMs, measuredMs: 8 * hourMs }
/** Nobody is on the line at first: as long as it takes until calls end as often as they come. */
const callsLeftOut = 2
const usual = { warmupMs: 600_000, measuredMs: 7_200_000 }
/** Nobody waits at first, and conversations begin with nothing said: it takes some turns until they are as they stay. */
const turnsLeftOut = 2
/** Fewer turns in a row say little, and too little of long ones: those that the end of a trial cuts off count for nothing. */
const turnsInRow = 30
/** So many turns say enough, however few of them come from one user: nobody waits for the rare ones who think for a day. */
const turnsEnough = 20_000
/** Servers that start one after the other first have to be as many as it takes, and whoever waited meanwhile be gone. */
const rampsLeftOut = 2

/** What a simulated trial near a level leaves out, and counts. */
export function simulatedWindow(workload: Workload, level: Level): typeof usual {
  const { agent, phone, scenarios, users } = workload
  if (phone?.alone)
    return { ...ofCalls, warmupMs: Math.max(ofCalls.warmupMs, callsLeftOut * phone.duration.mean) }
  const thinkMs = Math.max(users.think.mean, ...scenarios.map(({ think }) => think.mean))
  const { latency, turns } = plan(workload, level)
  const roundMs = thinkMs + (latency.turnMs?.mean ?? 0)
  const inRowMs = Math.min(turnsInRow * roundMs, (turnsEnough * 1000) / turns.perSecond)
  const measuredMs = Math.max(usual.measuredMs, inRowMs)
  const growingMs = turnsLeftOut * Math.max(1, growingTurns(workload)) * roundMs
  const rampMs = rampsLeftOut * (agent.scale ? rampOf(agent.scale) : 0)
  return {
    warmupMs: Math.round(Math.max(usual.warmupMs, Math.min(growingMs, measuredMs), rampMs)),
    measuredMs: Math.round(measuredMs),
  }
}

/** From the first server to the last. */
const rampOf = ({ from, to, everyMs, startupMs }: Scale): number => (to - from) * everyMs + startupMs
