/** What the peaks of the file mean for servers and quotas. */
export interface PeakPlan {
  readonly day?: DayShape
  readonly burst?: BurstPlan
  readonly together?: TogetherPlan
}

export interface DayShape {
  readonly peakToAverage: number
  /** From midnight. */
  readonly busiestHour: number
  readonly busiestShare: number
  /** Share of the day's work beyond what is bought for the mean, and the hours that have more. */
  readonly beyondMeanShare: number
  readonly hoursBeyondMean: number
}

export interface BurstPlan {
  readonly callsPerSecond: number
  /** Of such calls, input and output. */
  readonly tokensPerSecond: number
  readonly forMs?: number
  /** The file’s own quotas, and then the same tokens a minute as other providers count them. */
  readonly absorbed: readonly Absorbed[]
}

export interface Absorbed {
  readonly name: string
  readonly own: boolean
  /** Until the first call is refused; absent where none is. */
  readonly forMs?: number
  readonly calls?: number
  readonly binding?: string
}

export interface TogetherPlan {
  readonly agents: number
  readonly waits: readonly {
    readonly name: string
    readonly atOnce: number
    readonly refused: number
    /** When the last is admitted, and the mean wait, if each waits exactly until there is room; absent where it never fits. */
    readonly lastMs?: number
    readonly meanMs?: number
  }[]
}
