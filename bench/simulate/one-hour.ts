/**
 * An hour of the fleet, or the first minutes of it, in a process of its own, so that its memory is its own:
 * `node one-hour.ts USERS [MINUTES]`.
 */
import { inlineDeeply } from '../../src/simulate/edge/inline-deeply.ts'
import { simulate } from '../../src/simulate/simulate.ts'
import { fleet } from './worlds.ts'

inlineDeeply()
const users = Number(process.argv[2])
const minutes = Number(process.argv[3] ?? 60)
const startedAtMs = performance.now()
const startedCpu = process.cpuUsage()
const { turns, calls, models } = simulate(fleet(users), {
  level: { users },
  seed: 1,
  warmupMs: 0,
  measuredMs: minutes * 60_000,
})
const seconds = (performance.now() - startedAtMs) / 1000
const cpu = process.cpuUsage(startedCpu)
console.log(
  JSON.stringify({
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    mb: process.resourceUsage().maxRSS / 1024,
    turns: turns.completed,
    calls: Math.round((calls?.perSecond ?? 0) * minutes * 60),
    rateLimited: Math.round(
      Object.values(models ?? {}).reduce((sum, model) => sum + (model.rateLimitedPerSecond ?? 0), 0) *
        minutes *
        60,
    ),
  }),
)
