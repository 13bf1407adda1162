/** What the way in which a quota counts costs, or saves, in users at the capacity. */
export interface QuotaEffects {
  /** As services name it: `model quota`. */
  readonly name: string
  readonly reservation?: ReservationEffect
  readonly caching?: CachingEffect
  readonly depth?: DepthBand
}

/** Output that is held back at admission, by max_tokens or by what the provider reckons with. */
export interface ReservationEffect {
  /** Held back for a call; `said` where the requests say max_tokens. */
  readonly maxTokens: number
  readonly said: boolean
  readonly meanOutput: number
  /** The output that one call in a hundred exceeds, and the users were that max_tokens. */
  readonly enough: number
  readonly users: number
  readonly usersLost: number
  /** Calls that the limit lets be in flight at once. */
  readonly callsInFlight?: number
}

/** Input from the prompt cache. */
export interface CachingEffect {
  readonly share: number
  /** Whether some limit counts it less than other input. */
  readonly countsLess: boolean
  /** Users without it. */
  readonly users: number
  readonly usersGained: number
}

/** What a bucket holds where nobody publishes it, and the users at both ends of what is plausible. */
export interface DepthBand {
  /** The field: `model.quota.depth`. */
  readonly field: string
  readonly assumedMs: number
  readonly lowMs: number
  readonly lowUsers: number
  readonly highMs: number
  readonly highUsers: number
}
