import type { Advice, AdvicePair } from '../../result/capacity.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Lever } from './lever.ts'
import { changesOf, type Pulled } from './levers.ts'

/** What pulling a lever is held against. */
export interface Today {
  readonly workload: Workload
  readonly levers: readonly Lever[]
  /** The capacity, and the load to run at. */
  readonly value: number
  readonly runAt: number
  readonly runAtOf: (value: number) => number
  /** The capacity of a workload that is much like this one. */
  readonly capacityOf: (changed: Workload) => number
  /** The capacity of another workload, and of those that are much like it. */
  readonly near: (other: Workload) => Pick<Today, 'value' | 'capacityOf'>
  /** A month's bill at a load; undefined where a price is missing. */
  readonly billOf: (changed: Workload, level: number) => number | undefined
}

/** Every lever by itself: those that carry more, the most first, then those that do not. */
export function pullLevers(today: Today): { advice: Advice[]; tried: Advice[] } {
  const all = changesOf(today.workload, today.levers)
    .map((pulled) => adviceOf(today, pulled))
    .toSorted(byGain)
  const isWorthSaying = ({ usersGained }: Advice): boolean =>
    usersGained > 0 && usersGained >= worthSaying * today.value
  return { advice: all.filter(isWorthSaying), tried: all.filter((advice) => !isWorthSaying(advice)) }
}

/** Advice that gains less than this share of the users is not worth a line. */
const worthSaying = 0.01

const byGain = (a: Gain, b: Gain): number =>
  b.usersGained - a.usersGained || (a.perMonthUsd ?? Infinity) - (b.perMonthUsd ?? Infinity) || 0

type Gain = Pick<Advice, 'users' | 'usersGained' | 'perMonthUsd' | 'perUserUsd'>

function adviceOf(today: Today, pulled: Pulled): Advice {
  const { lever, text, change } = pulled
  return { lever, text, change, ...gainOf(today, pulled.workload, pulled.fixedUsd, pulled.people) }
}

/** `fixedUsd` is what the change costs besides tokens; as many people come as by `people` times the users. */
function gainOf(today: Today, changed: Workload, fixedUsd: number | undefined, people = 1): Gain {
  const { value, runAt, capacityOf, runAtOf, billOf, workload } = today
  const most = capacityOf(changed)
  const users = people === 1 ? most : Math.floor(most * people)
  const gain = { users, usersGained: users - value }
  const was = billOf(workload, runAt)
  const same = billOf(changed, runAt / people)
  if (fixedUsd === undefined || was === undefined || same === undefined) return gain
  const perMonthUsd = same + fixedUsd - was
  const more = billOf(changed, runAtOf(most))
  const runGained = runAtOf(most) * people - runAt
  if (more === undefined || runGained <= 0 || gain.usersGained <= 0) return { ...gain, perMonthUsd }
  return { ...gain, perMonthUsd, perUserUsd: (more + fixedUsd - was) / runGained }
}

/** A second limit within this of the first: lifting one of them buys next to nothing. */
export const closeBehind = 1.1
/** Of each side, how many are combined with the other. */
const mostCombined = 4
const mostPairs = 3
/** So much more than what the two gain one by one. */
const betterTogether = 0.02

/**
 * Two changes at once, where neither gains by itself what both do together: one that would help were the second limit
 * gone, and one that would help were the first one gone.
 */
export function pullPairs(
  today: Today,
  withoutFirst: Workload,
  withoutSecond: Workload,
  alone: readonly Advice[],
): AdvicePair[] {
  const { value, near, levers } = today
  const single = new Map(alone.map((advice) => [keyOf(advice), Math.max(0, advice.usersGained)]))
  const best = Math.max(0, ...single.values())
  const helpfulOf = (lifted: Workload): string[] => {
    const { value: without, capacityOf } = near(lifted)
    return changesOf(lifted, levers)
      .filter(({ people = 1 }) => people === 1)
      .map((pulled) => ({ key: keyOf(pulled), users: capacityOf(pulled.workload) }))
      .filter(({ users }) => users > without * (1 + betterTogether))
      .toSorted((a, b) => b.users - a.users)
      .slice(0, mostCombined)
      .map(({ key }) => key)
  }
  const seconds = helpfulOf(withoutFirst)
  const pairs = new Map<string, AdvicePair>()
  for (const first of helpfulOf(withoutSecond))
    for (const second of seconds) {
      const id = [first, second].toSorted().join('\n')
      const pair = first === second || pairs.has(id) ? undefined : pairOf(today, first, second)
      const oneByOne = (single.get(first) ?? 0) + (single.get(second) ?? 0)
      if (pair && pair.usersGained > Math.max(oneByOne, best) + betterTogether * value) pairs.set(id, pair)
    }
  return [...pairs.values()].toSorted(byGain).slice(0, mostPairs)
}

const keyOf = ({ lever, change }: Pick<Advice, 'lever' | 'change'>): string => `${lever} ${change.field}`

function pairOf(today: Today, first: string, second: string): AdvicePair | undefined {
  const one = changesOf(today.workload, today.levers).find((pulled) => keyOf(pulled) === first)
  const other = one && changesOf(one.workload, today.levers).find((pulled) => keyOf(pulled) === second)
  if (!other) return undefined
  const fixedUsd =
    one.fixedUsd === undefined || other.fixedUsd === undefined ? undefined : one.fixedUsd + other.fixedUsd
  const changes = [one, other].map(({ lever, text, change }) => ({ lever, text, change }))
  return { changes, ...gainOf(today, other.workload, fixedUsd) }
}
