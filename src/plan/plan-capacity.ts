import type { Capacity, ProbeResult } from '../result/capacity.ts'
import type { ServiceUse, Summary } from '../result/summary.ts'
import type { Level } from '../workload/level.ts'
import { levelValue } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { isQuota } from '../result/fleet/fleet-quotas.ts'
import { type CapacityPoint, capacitySearch } from './capacity-search.ts'
import { costOf } from './cost.ts'
import { demandOf, type TurnDemand } from './demand.ts'
import { levers } from './levers/levers.ts'
import { closeBehind, pullLevers, pullPairs, type Today } from './levers/pull-levers.ts'
import { lifted, withoutQuotas } from './lift.ts'
import { objectivesOf, plan } from './plan-level.ts'
import { sensitivityOf } from './sensitivity.ts'
import { servicesOf } from './service-use.ts'
import { solveAgent } from './solve-agent.ts'
import { type Drawn, uncertaintyOf } from './uncertainty.ts'
import { planned } from './planned-workload.ts'

/** How the capacity is searched, and how much is told of it. */
export interface PlanOptions {
  /** Share of the capacity to run at. */
  readonly headroom?: number
  /** Where the search ends; a capacity beyond it is called unbounded. */
  readonly maxUsers?: number
  /** Search over sessions a second (open load) instead of concurrent users. */
  readonly open?: boolean
  readonly tell?: Told
}

/**
 * How much of the answer: the limits alone, or with what a shopping list is made of (levels below and above, what
 * breaks next, a server by itself), or also what would help and what the answer hangs on.
 */
export type Told = 'limits' | 'shopping' | 'everything'

const defaultMaxUsers = 100_000

/** The highest level at which every objective holds, what breaks there, and what would help; solved, never run. */
export function planCapacity(written: Workload, options: PlanOptions = {}): Capacity {
  const workload = planned(written)
  const { headroom = 0.75, maxUsers = defaultMaxUsers, open = false, tell = 'everything' } = options
  const { first, near } = searchesOf(open, maxUsers)
  const found = first(workload)
  const value = found.value
  const demand = demandOf(workload)
  const again = near(workload, found)
  const at = (level: number): Summary => plan(workload, levelOf(level, open), demand)
  const broken = found.broken === undefined ? undefined : at(found.broken)
  const brokenBy = broken?.objectives.find((objective) => objective.pass === false)?.text
  const bottleneck = bottleneckOf(broken ?? at(value))
  const runAtOf = (level: number): number => (open ? level * headroom : Math.floor(level * headroom))
  const runAt = runAtOf(value)
  const limits = {
    level: levelOf(value, open),
    ...(found.unbounded ? { unbounded: true } : {}),
    runAt,
    ...(found.unbounded || brokenBy === undefined ? {} : { brokenBy }),
    ...(bottleneck
      ? { bottleneck: { service: bottleneck.name, limit: bottleneck.limit, unit: bottleneck.unit } }
      : {}),
  }
  if (tell === 'limits') return { origin: 'solved', ...limits, probes: [] }
  const probes = ladder(value, found.unbounded, open).map((level) => probeAt(at, levelOf(level, open)))
  const next =
    found.unbounded || !bottleneck ? undefined : nextAfter(workload, bottleneck, value, again, open)
  const answer: Capacity = {
    origin: 'solved',
    approximate: probes.some(({ summary }) => summary.approximate === true),
    ...limits,
    ...(found.unbounded ? {} : { boundary: boundaryOf(at, value, open) }),
    ...(next ? { next } : {}),
    ...(open ? {} : { serverAlone: serverAlone(workload, again, found) }),
    probes,
  }
  if (tell === 'shopping') return answer
  const { ranges, origins } = workload
  const today = todayOf(workload, { value, runAt, runAtOf, open }, { again, near })
  return {
    ...answer,
    ...(ranges
      ? { uncertainty: uncertaintyOf(ranges, origins, (draw) => drawnAt(draw, again, runAt, open)) }
      : {}),
    ...(found.unbounded
      ? {}
      : {
          ...advised(today, bottleneck, next),
          sensitivity: sensitivityOf(workload, (changed) => again(changed).fractional),
        }),
  }
}

/** Finds the capacity of a workload. */
type Search = (workload: Workload) => CapacityPoint

interface Searches {
  /** From where the fullest service is full. */
  readonly first: Search
  /** For workloads much like `of`: what breaks first breaks about as much later as its service fills later. */
  readonly near: (of: Workload, found: CapacityPoint) => Search
}

function searchesOf(open: boolean, most: number): Searches {
  const search = (of: Workload, ofFull: number, slope?: number): CapacityPoint => {
    const demand = demandOf(of)
    return capacitySearch((value) => objectivesOf(of, levelOf(value, open), demand), {
      most,
      open,
      guess: ofFull * fullFrom(of, demand, open),
      slope,
      limits: of.objectives.map(({ limit }) => limit),
    })
  }
  return {
    first: (of) => search(of, 1),
    near(of, { value, slope }) {
      const ofFull = Math.max(value, least(open)) / fullFrom(of, demandOf(of), open)
      return (changed) => search(changed, ofFull, slope)
    },
  }
}

/** What levers are held against: the capacity as it is, and how that of a changed workload is found. */
function todayOf(
  workload: Workload,
  { open, ...loads }: Pick<Today, 'value' | 'runAt' | 'runAtOf'> & { readonly open: boolean },
  { again, near }: { readonly again: Search; readonly near: Searches['near'] },
): Today {
  return {
    workload,
    levers,
    ...loads,
    billOf: (changed, level) =>
      level > 0 ? costOfLevel(changed, levelOf(level, open))?.perMonthUsd : undefined,
    capacityOf: (changed) => again(changed).value,
    near(other) {
      const found = again(other)
      const nearby = near(other, found)
      return { value: found.value, capacityOf: (changed) => nearby(changed).value }
    },
  }
}

/** One draw of the file's ranges: its capacity, and its bill at the load to run at. */
function drawnAt(draw: Workload, search: Search, runAt: number, open: boolean): Drawn {
  const changed = planned(draw)
  const { value: level, unbounded } = search(changed)
  const cost = runAt > 0 ? costOfLevel(changed, levelOf(runAt, open)) : undefined
  return { level, unbounded, perTurnUsd: cost?.perTurnUsd, perMonthUsd: cost?.perMonthUsd }
}

const least = (open: boolean): number => (open ? 0.01 : 1)

/** The level at which the fullest service is full, were its use to grow as it begins. */
function fullFrom(workload: Workload, demand: TurnDemand, open: boolean): number {
  const level = least(open)
  const services = servicesOf(workload, demand, solveAgent(workload, demand, levelOf(level, open)))
  const use = Math.max(0, ...services.map(({ utilisation }) => utilisation))
  return use > 0 ? Math.max(level, level / use) : level
}

const levelOf = (value: number, open: boolean): Level =>
  open ? { sessionsPerSecond: value } : { users: value }

function costOfLevel(workload: Workload, level: Level): Summary['cost'] {
  const demand = demandOf(workload)
  return costOf(workload, demand, solveAgent(workload, demand, level), level).cost
}

/** A service that is well used where the objective breaks; none where the turn's own time breaks it. */
function bottleneckOf(summary: Summary): ServiceUse | undefined {
  const binding = summary.services?.find((service) => service.binding)
  return binding && binding.utilisation > 0.3 ? binding : undefined
}

function nextAfter(
  workload: Workload,
  bottleneck: ServiceUse,
  value: number,
  search: Search,
  open: boolean,
): Capacity['next'] {
  const without = lifted(workload, bottleneck)
  const point = search(without)
  const service =
    point.broken === undefined ? undefined : bottleneckOf(plan(without, levelOf(point.broken, open)))
  if (point.unbounded || !service) return undefined
  // With the first limit gone more gets through to the second, which may then break even earlier: it stands right behind.
  return { service: service.name, users: Math.max(value, point.value) }
}

function serverAlone(
  workload: Workload,
  search: Search,
  found: CapacityPoint,
): NonNullable<Capacity['serverAlone']> {
  const limited = workload.models.some(({ quota }) => quota !== undefined)
  const { value, unbounded } = limited ? search(withoutQuotas(workload)) : found
  return { users: value, unbounded: unbounded ?? false }
}

function advised(
  today: Today,
  bottleneck: ServiceUse | undefined,
  next: Capacity['next'],
): Pick<Capacity, 'advice' | 'tried' | 'pairs'> {
  const { advice, tried } = pullLevers(today)
  if (!bottleneck || !next || next.users > today.value * closeBehind) return { advice, tried }
  const [withoutFirst, withoutSecond] = [bottleneck.name, next.service].map((service) =>
    isQuota(service) ? withoutQuotas(today.workload) : lifted(today.workload, { name: service, unit: '' }),
  )
  const pairs = pullPairs(today, withoutFirst!, withoutSecond!, [...advice, ...tried])
  return { advice, tried, pairs }
}

/** A cliff: 5 % more load brings more than 3 % of errors, not just slower turns. */
function boundaryOf(at: (value: number) => Summary, value: number, open: boolean): 'smooth' | 'cliff' {
  const beyond = at(open ? value * 1.05 : Math.ceil(value * 1.05) + 1)
  return (beyond.errors?.rate ?? 0) > 0.03 ? 'cliff' : 'smooth'
}

/** Levels for the chart, below, at and past the capacity. */
function ladder(value: number, unbounded: boolean, open: boolean): number[] {
  const shares = [0.1, 0.25, 0.4, 0.55, 0.7, 0.8, 0.9, 0.95, 1, 1.05, 1.15, 1.3, 1.5, 2]
  if (value === 0) return open ? [0.01, 0.1, 1] : [1, 2, 5, 10, 20, 50]
  const levels = shares
    .filter((share) => share <= 1 || !unbounded)
    .map((share) => (open ? value * share : Math.max(1, Math.round(value * share))))
  return [...new Set(levels)]
}

function probeAt(at: (value: number) => Summary, level: Level): ProbeResult {
  const summary = at(levelValue(level))
  return { level, pass: summary.objectives.every((objective) => objective.pass === true), summary }
}
