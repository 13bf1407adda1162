import type { Level } from '../workload/level.ts'
import type { LeverName } from './lever-name.ts'
import type { Summary, SummaryOrigin } from './summary.ts'
import type { Uncertainty } from './uncertainty.ts'

/** One trial of the search, reduced to what the search and the charts use. */
export interface ProbeResult {
  readonly level: Level
  readonly seed?: number
  readonly pass: boolean | 'undecided'
  readonly summary: Summary
}

/** A change to the workload and what it buys, solved by perturbing the file. */
export interface Advice {
  readonly lever?: LeverName
  /** In words: `raise the quota to 900k tokens/min`. */
  readonly text: string
  /** The field changed and its new value, in the file's words. */
  readonly change: { readonly field: string; readonly from: string; readonly to: string }
  readonly users: number
  readonly usersGained: number
  /**
   * Dollars that the change by itself adds to a month's bill at today's load to run at, below zero where it saves;
   * absent where a price is not known.
   */
  readonly perMonthUsd?: number
  /** Dollars a month for each user more at the load to run at, tokens and all. */
  readonly perUserUsd?: number
}

/** Two changes at once, which gain together what neither gains by itself. */
export interface AdvicePair extends Pick<Advice, 'users' | 'usersGained' | 'perMonthUsd' | 'perUserUsd'> {
  readonly changes: readonly Pick<Advice, 'lever' | 'text' | 'change'>[]
}

/** How much the answer moves when one input does: users gained or lost for +10 %. */
export interface Sensitivity {
  readonly field: string
  readonly origin: string
  /** Relative change of the capacity for a relative change of the input. */
  readonly elasticity: number
}

/** The highest level at which every objective holds. */
export interface Capacity {
  readonly origin: SummaryOrigin
  readonly approximate?: boolean
  /** `Infinity` users is never written: a search that met no limit sets `unbounded`. */
  readonly level: Level
  /** Where the sessions are calls by telephone: how long one that is offered is on the line, on average. */
  readonly phone?: { readonly heldMs: number }
  readonly low?: number
  readonly high?: number
  /** What the interval covers, in words: `95 % of samples`. */
  readonly covers?: string
  /** Every objective held up to the highest level tried. */
  readonly unbounded?: boolean
  /** The level to run at: headroom taken off. */
  readonly runAt: number
  readonly boundary?: 'smooth' | 'cliff'
  /** The objective that fails first. */
  readonly brokenBy?: string
  readonly bottleneck?: { readonly service: string; readonly limit: number; readonly unit: string }
  /** What one server carries with the providers' limits lifted, since those are shared by all servers. */
  readonly serverAlone?: { readonly users: number; readonly unbounded: boolean }
  /** What breaks next, were the bottleneck lifted. */
  readonly next?: { readonly service: string; readonly users: number }
  /** Every lever that carries more, the most first. */
  readonly advice?: readonly Advice[]
  /** Levers that were pulled and carry no more, or less: another limit stands right behind. */
  readonly tried?: readonly Advice[]
  /** Where a second limit stands close behind the first. */
  readonly pairs?: readonly AdvicePair[]
  readonly sensitivity?: readonly Sensitivity[]
  /** Where the answer may lie, where the file gives ranges. */
  readonly uncertainty?: Uncertainty
  readonly probes: readonly ProbeResult[]
  /** Set when the answer must not be used, with why (generator too slow, agent CPU at this speed). */
  readonly invalid?: readonly string[]
}
