import { createSessions } from '../sessions/sessions.ts'
import { runNumber } from '../sessions/turn-key.ts'
import type { Workload } from '../workload/workload.ts'
import { type Crew, type CrewAtEnd, type CrewNews, type CrewPart, type CrewTask, everybody } from './crew.ts'
import { driverOptions } from './driver-options.ts'
import { isCallDriverName } from './drivers/call-driver-names.ts'
import { drivers } from './drivers/drivers.ts'
import type { RunClock } from './edge/run-clock.ts'
import { InterTokenTally } from './inter-token-tally.ts'
import { startPopulation } from './population.ts'
import type { Script } from './script/script.ts'
import type { TurnBudget } from './turn-budget.ts'
import { UserBehaviour } from './user-behaviour.ts'

/** What a crew has where it plays. */
export interface Here {
  readonly clock: RunClock
  /** Which users are its own; all where absent. */
  readonly part?: CrewPart
  /** Asked before each turn, where several crews share a limit. */
  readonly budget?: TurnBudget
  /** What users do instead of the file's turns, by scenario. */
  readonly scripts?: readonly (Script | undefined)[]
}

const defaultTurnTimeoutMs = 600_000

function mayBegin(budget: TurnBudget, news: CrewNews): boolean {
  if (budget.begin()) return true
  news.refused?.(budget.refused!)
  return false
}

/** Lets users come and go as the shape says, in this thread. */
export function startCrew(workload: Workload, task: CrewTask, here: Here, news: CrewNews): Crew {
  const { options, shape, level } = task
  const { clock, part = everybody, budget, scripts } = here
  const sessions = createSessions(workload, options.seed, level)
  const interToken = new InterTokenTally(options.warmupMs)
  const { behaviour: section } = workload.users
  const behaviour = section && new UserBehaviour(section, sessions, options.warmupMs)
  if (isCallDriverName(options.driver)) throw new Error('calls have players of their own')
  const driver = drivers[options.driver](
    driverOptions(workload, {
      target: options.target,
      level,
      clock,
      proxies: options.proxies,
      crews: part.of,
    }),
  )
  const cut = new AbortController()
  const duplicates = new Set<Promise<unknown>>()
  const context = {
    workload,
    sessions,
    clock,
    driver,
    run: runNumber(options.runId),
    marker: options.marker,
    turnTimeoutMs: options.turnTimeoutMs ?? defaultTurnTimeoutMs,
    cut: cut.signal,
    interToken,
    duplicates,
    part,
    ...(options.maxUsers === undefined ? {} : { maxUsers: options.maxUsers }),
    ...(behaviour ? { behaviour } : {}),
    ...(scripts ? { scripts } : {}),
    ...(budget ? { mayBegin: () => mayBegin(budget, news) } : {}),
  }
  const population = startPopulation(context, shape, {
    ...news,
    ended(turn) {
      budget?.ended(turn.usage)
      news.ended(turn)
    },
  })
  return {
    stop: () => population.stop(),
    cut: () => cut.abort(),
    gone: population.gone.then(async () => void (await Promise.all(duplicates))),
    async close() {
      population.stop()
      cut.abort()
      await driver.close()
      const gaps: CrewAtEnd['gaps'][number][] = []
      interToken.forEach((gapMs, count, of) => gaps.push({ gapMs, count, of }))
      return { gaps, ...(behaviour ? { behaviour: { ...behaviour.counts } } : {}) }
    },
  }
}
