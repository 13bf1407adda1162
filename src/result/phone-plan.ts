import type { PeopleNeed } from './people-need.ts'

/** What calls by telephone need in their busiest hour. What is not known is absent. */
export interface PhonePlan {
  /** Where the load was read from. */
  readonly recorded?: RecordedLoad
  readonly callsPerMinute: number
  readonly minutesPerCall: number
  /** Calls that would be up at once, were there channels for all. */
  readonly erlangs: number
  /** Share of calls that may be lost. */
  readonly target: number
  /** Calls at once that lose no more than that: what to have of everything a call holds from start to end. */
  readonly channels: number
  readonly vendors: readonly PhoneVendorPlan[]
  /** What the model's limits a minute mean for calls. */
  readonly quotas: readonly PhoneQuota[]
  readonly chain: {
    /** The least of what vendors and quotas carry; absent where none has a limit. */
    readonly callsPerMinute?: number
    readonly binding?: string
    /** Share of calls lost somewhere: the worst vendor's own, and what independent losses would add up to. */
    readonly lostLeast: number
    readonly lostMost: number
  }
  readonly mouthToEar?: PhoneLatency
  readonly servers?: PhoneServers
  readonly people?: PeopleNeed
  readonly money?: PhoneMoney
}

/** What call records or half-hourly counts came to. */
export interface RecordedLoad {
  readonly file: string
  readonly calls: number
  readonly days: number
  readonly busiestAtMs: number
  readonly peakToAverage: number
  readonly afterHours: number
  readonly byHour: readonly number[]
  /** The law that was fitted, and the share handed to people; absent where the file does not say. */
  readonly duration?: string
  readonly handedOff?: number
}

export interface PhoneVendorPlan {
  /** `carrier (twilio)`. */
  readonly name: string
  /** Sessions at once for the target, and what the vendor has. */
  readonly needed: number
  readonly concurrent?: number
  /** Share of calls that it loses by itself, of the calls offered. */
  readonly lost: number
  /** Within the target; absent where the vendor has no limit. */
  readonly callsPerMinute?: number
  readonly boundBy: 'channels' | 'starts' | 'nothing'
  readonly starts?: {
    readonly perSecond: number
    readonly over: 'queued' | 'rejected'
    readonly utilisation: number
    /** Absent where the queue grows without end. */
    readonly waitMs?: number
    readonly rejected: number
    /** Starts a second that refuse no more than the target. */
    readonly needed: number
  }
  readonly source?: string
}

export interface PhoneQuota {
  readonly name: string
  readonly unit: string
  readonly asked: number
  readonly limit: number
  /** At the whole limit. */
  readonly callsPerMinute: number
}

export interface PhoneLatency {
  readonly withinMs: number
  readonly meanMs: number
  /** The sum of every part's p95: more than the p95 of the whole. */
  readonly upperMs: number
  /** Longest first. */
  readonly parts: readonly {
    readonly name: string
    readonly meanMs: number
    readonly p95Ms: number
    readonly share: number
  }[]
}

/** Agent servers, by the calls that one carries at once. */
export interface PhoneServers {
  /** With the headroom. */
  readonly callsEach: number
  readonly headroom: number
  readonly boundBy?: string
  readonly brokenBy?: string
  readonly sound?: PhoneSound
  readonly atPeak: number
  readonly spare: number
  readonly total: number
}

/** Calls whose sound takes its share of the event loops, all of them. */
export interface PhoneSound {
  /** At once, on average, at which objectives hold. */
  readonly calls: number
  /** Of each event loop that a call takes while it is up. */
  readonly share: number
  readonly loops: number
  /** Variance of how many are up over their mean: 1 where they come at random. */
  readonly dispersion: number
}

/** Dollars; a month is 730 hours at the average load. */
export interface PhoneMoney {
  readonly perMinuteUsd: number
  readonly perCallUsd: number
  readonly minutesPerMonth: number
  readonly perMonthUsd: number
  readonly parts: readonly {
    readonly name: string
    readonly perMinuteUsd: number
    readonly perMonthUsd: number
  }[]
  readonly serversUsd?: number
  /** Parts of a call that the file gives no price for. */
  readonly unpriced: readonly string[]
}
