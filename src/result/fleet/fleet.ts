import type { PeopleNeed } from '../people-need.ts'

/** The shopping list: what so many users need, with the headroom and the peak in. What is not known is absent. */
export interface Fleet {
  /** At once, on average. */
  readonly users: number
  readonly peakToAverage: number
  readonly peakUsers: number
  /** Share of what each thing carries that is used at the peak. */
  readonly headroom: number
  readonly servers: {
    readonly atPeak: number
    readonly spare: number
    readonly total: number
    /** Users that one carries with the headroom; absent where no limit of its own was met. */
    readonly usersEach?: number
  }
  /** In all servers, spare included; absent where the file sets no number. */
  readonly workers?: number
  readonly quotas: readonly QuotaNeed[]
  /** Model calls in flight at the peak, on average: connections to the providers. */
  readonly callsInFlight?: number
  /** Tools that all servers call and that carry so many calls at once. */
  readonly sharedTools: readonly SharedTool[]
  /** What else all servers use, with no limit in the file: tools, the state store. */
  readonly alsoShared?: readonly string[]
  /** Who takes over what the agent hands off at the peak, for each scenario that does. */
  readonly people?: readonly PeopleNeed[]
  /** The average load from which the servers at work no longer have the headroom. */
  readonly nextServer?: { readonly users: number; readonly service?: string }
  readonly money: FleetMoney
}

/** What to ask of one provider quota, in each unit that it counts. */
export interface QuotaNeed {
  /** As services name it: `model quota`. */
  readonly name: string
  readonly amounts: readonly { readonly amount: number; readonly unit: string; readonly limit: number }[]
  /** Average users that the limits of the file carry with the headroom. */
  readonly usersCarried: number
  /** Where the quota is bought in units. */
  readonly units?: UnitNeed
}

export interface UnitNeed {
  readonly kind: 'PTU' | 'GSU'
  /** Before rounding up to what is sold. */
  readonly exact: number
  readonly sold: number
  /** What the file has. */
  readonly given: number
  readonly perMonthUsd: number
  readonly priceSource: string
}

export interface SharedTool {
  readonly name: string
  readonly calls: number
  readonly capacity: number
}

/** Dollars a month at the average load; units and servers are paid for the peak. */
export interface FleetMoney {
  readonly tokensUsd?: number
  /** The same tokens at list price where they are paid with units: pay-as-you-go instead. */
  readonly payAsYouGoUsd?: number
  readonly unitsUsd?: number
  readonly serversUsd?: number
  /** Of a turn, and of a user for an hour: tokens at list price. */
  readonly perTurnUsd?: number
  readonly perUserHourUsd?: number
}
