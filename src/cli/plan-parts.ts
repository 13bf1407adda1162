import { planCapacity } from '../plan/plan.ts'
import type { Palette } from '../report/palette.ts'
import type { Brief } from '../result/brief.ts'
import type { Capacity } from '../result/capacity.ts'
import type { Sweep } from '../result/sweep.ts'
import { type Level, levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { briefOf, briefText } from './plan-brief.ts'
import { type Explanation, explanationOf, explanationText } from './plan-explain.ts'
import { leversOf, type LeversAnswer, leversText } from './plan-levers.ts'
import { type SweepRequest, sweepOf, sweepText } from './sweep.ts'

/** What is asked of a plan instead of the whole picture; several parts may be. */
export interface PlanRequest {
  readonly level: Level | undefined
  readonly headroom: number
  readonly brief: boolean
  readonly levers: boolean
  readonly sweeps: readonly SweepRequest[]
  /** `true` asks for every figure. */
  readonly explain: string | true | undefined
}

/** The parts that were asked for, in the order in which they are told. */
export interface PlanParts {
  readonly brief?: Brief
  readonly levers?: LeversAnswer
  readonly sweeps?: readonly Sweep[]
  readonly explanation?: Explanation
}

/** `read` gives the workload with overrides; the parts share one capacity. */
export function planPartsOf(
  request: PlanRequest,
  workload: Workload,
  read: (overrides: readonly string[]) => Workload,
): PlanParts {
  const { level, headroom, brief, levers, sweeps, explain } = request
  const { capacityOf } = once(workload, headroom)
  // Beside --brief, --users is how many people to reckon a fleet for.
  const people = brief && level && 'users' in level ? level.users : undefined
  const at = brief ? undefined : level
  return {
    ...(brief ? { brief: briefOf(workload, capacityOf(), people) } : {}),
    ...(levers ? { levers: leversOf(workload, headroom) } : {}),
    ...(sweeps.length > 0
      ? { sweeps: sweeps.map((sweep) => sweepOf(sweep, read, { headroom, level: at })) }
      : {}),
    ...(explain === undefined ? {} : { explanation: explained(workload, at, explain, headroom, capacityOf) }),
  }
}

/** The figures at the level that is asked for, else at the capacity; one user where not even one is carried. */
export function explained(
  workload: Workload,
  level: Level | undefined,
  figure: string | true,
  headroom: number,
  capacityOf: () => Capacity,
): Explanation {
  const asked = figure === true ? undefined : figure
  if (workload.phone?.alone) return explanationOf(workload, undefined, asked, headroom)
  const capacity = level && 'sessionsPerSecond' in level ? undefined : capacityOf()
  const found = capacity && levelValue(capacity.level) > 0 ? capacity.level : { users: 1 }
  return explanationOf(
    workload,
    level ?? found,
    asked,
    headroom,
    capacity && { capacity, headroom, asked: level !== undefined },
  )
}

function once(workload: Workload, headroom: number): { capacityOf: () => Capacity } {
  let capacity: Capacity | undefined
  return { capacityOf: () => (capacity ??= planCapacity(workload, { headroom })) }
}

/** For people: one part under the other. */
export function planPartsText(parts: PlanParts, width: number, palette: Palette): string {
  const { brief, levers, sweeps, explanation } = parts
  return [
    ...(brief ? [briefText(brief, width)] : []),
    ...(levers ? [leversText(levers, width, palette)] : []),
    ...(sweeps ?? []).map(sweepText),
    ...(explanation ? [explanationText(explanation, width)] : []),
  ]
    .map((text) => text.replace(/^\n+|\n+$/g, ''))
    .join('\n\n')
}

/** For programs: the part by itself where one was asked for, else each under its name. */
export function planPartsJson(parts: PlanParts): unknown {
  const asked = Object.values(parts)
  return asked.length === 1 ? asked[0] : parts
}
