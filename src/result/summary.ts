import type { Interval } from '../stats/interval.ts'
import type { MeasuredWindow } from './measured-window.ts'
import type { LevelUncertainty } from './uncertainty.ts'
import type { Level } from '../workload/level.ts'
import type { Sensitivity } from './capacity.ts'
import type { MetricName } from '../workload/metrics.ts'
import type { PhoneSummary } from './phone-summary.ts'
import type { JoinedBy } from './records.ts'
import type { GoldenSummary } from './golden.ts'
import type { CanarySummary } from './kept-apart.ts'
import type { SoakSummary } from './soak.ts'
import type { ScriptSummary } from './script-summary.ts'
import type { SessionEnding } from './session-ending.ts'

/** Which engine answered. */
export type SummaryOrigin = 'solved' | 'simulated' | 'measured' | 'observed'

/** A distribution of observed or computed values. `censored` of `count` are only known to be at least their value. */
export interface Dist {
  readonly mean: number
  readonly p50: number
  readonly p90: number
  readonly p95: number
  readonly p99: number
  readonly max?: number
  readonly count?: number
  readonly censored?: number
  readonly ci95?: { readonly mean?: Interval; readonly p95?: Interval }
}

/** Accounting closes: inFlightAtStart + started = completed + failed + abandoned + rejected + inFlightAtEnd. */
export interface TurnCounts {
  readonly inFlightAtStart: number
  readonly started: number
  readonly completed: number
  readonly failed: number
  readonly abandoned: number
  readonly rejected: number
  readonly inFlightAtEnd: number
  /** Completed turns a second, over the measured window. */
  readonly perSecond: number
  readonly perSecondCi95?: Interval
}

/** How much of a service's limit was in use over the window. */
export interface ServiceUse {
  readonly name: string
  /** Share of the limit in use, 0 to 1 and beyond when demand exceeds it. */
  readonly utilisation: number
  readonly limit: number
  /** Of the limit: `turns`, `cores`, `calls`, `tokens/min`, `requests/min`. */
  readonly unit: string
  /** The service nearest to its limit. */
  readonly binding: boolean
}

/** What one of the agent's rules did over the window, in the mean of several runs: `breakers of main opened`, 3. */
export interface RuleUse {
  readonly rule: string
  readonly count: number
}

/** An objective against what was seen. */
export interface ObjectiveResult {
  readonly text: string
  /** What counts, where it is not what the metric is usually of. */
  readonly of?: 'sessions' | 'answers'
  /** What it is about; absent in answers of formulas, and in runs of old. */
  readonly metric?: MetricName
  /** The statistic the objective names, in the metric's unit; absent when nothing was measured. */
  readonly value?: number
  readonly low?: number
  readonly high?: number
  /** What the value must stay below (above, where more is better), in its unit. */
  readonly limit?: number
  /** Share of turns beyond the limit, against the share that the objective allows. */
  readonly exceeded?: {
    readonly share: number
    readonly low: number
    readonly high: number
    readonly allowed: number
    /** Independent observations that the correlated ones are worth. */
    readonly effectiveCount: number
  }
  readonly pass: boolean | 'undecided'
  /** Of the value, where no metric of the catalogue says it. */
  readonly unit?: 'share' | 'count' | 'bytes'
}

/** A field that the agent decides, as the file assumes it and as it was seen. */
export interface AssumedField {
  readonly field: string
  readonly assumed: number
  readonly observed: number
  readonly ratio: number
}

/** Calls that were seen behind the agent and are in no turn; `lost` fell out of the provider's buffer unread. */
export interface UnjoinedCalls {
  readonly modelCalls: number
  readonly toolCalls: number
  readonly lost: number
}

/** What the agent's processes used over the window, where it was started by us. */
export interface ServerUse {
  readonly cpuCores: number
  readonly cpuMsPerTurn?: number
  /** For each session that was closed in the window, all its turns. */
  readonly cpuMsPerSession?: number
  readonly rssBytes: number
  readonly rssPeakBytes: number
  /** What memory grew by since before the load, for each user there on average. */
  readonly rssBytesPerUser?: number
  /** The same of open load, for each session that was under way on average. */
  readonly rssBytesPerSession?: number
  /** The most at once. */
  readonly sockets?: number
  readonly openFiles?: number
}

/** The generator on itself: when `valid` is false the numbers say more about the tester than about the target. */
export interface GeneratorReport {
  readonly valid: boolean
  readonly reasons: readonly string[]
  readonly requestedPerSecond?: number
  readonly achievedPerSecond?: number
  readonly latenessP99Ms?: number
  readonly loopDelayP99Ms?: number
  /** Cores used by the generator. */
  readonly cpu?: number
  readonly providerLatenessP99Ms?: number
  /** Of the frames of sound that callers sent. */
  readonly frameLatenessP99Ms?: number
  /** Cores used by the agent under test, where it was started by us. */
  readonly agentCpu?: number
}

/** The run between the point before and `atMs`, of which levels are told in the mean. */
export interface SeriesPoint {
  readonly atMs: number
  readonly users: number
  readonly turnsPerSecond: number
  readonly turnP50Ms?: number
  readonly turnP95Ms?: number
  /** Turns that the agent has not ended, those that wait for a slot among them. */
  readonly turnsInFlight?: number
  readonly waiting?: number
  readonly callsInFlight?: number
  /** Share in use of the fullest model quota. */
  readonly quotaUsed?: number
  readonly rateLimited?: number
  readonly errors: number
  /** Levels at their highest, where they were watched in between; that of the quota at twenty looks. */
  readonly highest?: Partial<Record<'turnsInFlight' | 'waiting' | 'callsInFlight' | 'quotaUsed', number>>
  /** Of calls by telephone. */
  readonly phone?: PhonePoint
}

/** Calls over a stretch of time. */
export interface PhonePoint {
  /** Held a channel, on average. */
  readonly onTheLine: number
  /** Absent where no answer began. */
  readonly responseP50Ms?: number
  readonly responseP95Ms?: number
  readonly blocked: number
  /** Abandoned, dropped or not taken. */
  readonly lost: number
}

/** A share of turns, with its 95 % interval. */
export interface ShareValue {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly count: number
}

/** What is known of each metric of the catalogue (`workload/metrics.ts`), by its name. */
export type MetricValues = { readonly [Name in MetricName]?: Dist | ShareValue }

/** Turns that ended: all of them, those of a scenario, or those at a place in their session. */
export interface PartSummary {
  readonly completed: number
  readonly turnMs?: Dist
  readonly ttftMs?: Dist
  readonly errorRate: number
  readonly metrics?: MetricValues
}

/** Sessions that began and ended within the window; the rest is of those that ended. */
export interface SessionSummary {
  readonly started: number
  readonly ended: number
  /** All that the user had to say was said. */
  readonly completed?: number
  /** Arrivals beyond the most that may be there at once. */
  readonly turnedAway?: number
  /** The user left before. */
  readonly abandoned?: number
  /** By what answers said, where the file has words for it. */
  readonly endings?: Readonly<Record<SessionEnding, number>>
  readonly durationMs?: Dist
  readonly turns?: Dist
}

/** The calls of one model or tool within the window. */
export interface CallServiceSummary {
  /** Those that were not refused, beside `rateLimitedPerSecond`. */
  readonly perSecond: number
  readonly latencyMs?: Dist
  readonly rateLimitedPerSecond?: number
  readonly errorRate: number
  /** Means over the calls of a model; `max` is what requests reserved as `max_tokens`. */
  readonly tokensPerCall?: {
    readonly input: number
    readonly cachedInput: number
    readonly output: number
    readonly max?: number
  }
}

/** What a turn is behind the agent: its loop, its calls and its tokens. */
export interface TurnArithmetic {
  /** Model calls of a turn: the mean decides what it costs, the tail what it must survive. */
  readonly depth: { readonly mean: number; readonly p50: number; readonly p95: number; readonly p99: number }
  readonly callsPerSecond: number
  readonly callsInFlight: number
  /** What counting one call a turn would plan. */
  readonly callsInFlightIfOne: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** Of the same turn answered by one call. */
  readonly plainTokens: number
  /** Tokens of a turn against those of a plain exchange, and what the field finds for agents. */
  readonly multiple: number
  readonly field: { readonly agent: number; readonly multiAgent: number }
  /** A turn of so many calls: what it reads, how many times what one call reads, and what of it is not cached. */
  readonly growth: readonly {
    readonly depth: number
    readonly inputTokens: number
    readonly timesOneCall: number
    readonly uncachedTokens: number
  }[]
}

/** Over the turns that ended. */
export interface RefusalSummary {
  readonly turns: number
  readonly refused: number
  readonly retries: number
  /** Of the retries those after a refusal that said when to come back, and those that did not come before. */
  readonly told: number
  readonly obeyed: number
  /** All turns together. */
  readonly lostMs: number
}

/** Where the first service is full, were every turn served. */
export interface Saturation {
  readonly service: string
  readonly limit?: number
  readonly unit?: string
  readonly turnsPerSecond: number
  /** Open load beyond it has no steady state, unless what comes too much is turned away. */
  readonly sessionsPerSecond: number
  /** N*: so many who think and are served at once fill it. */
  readonly users: number
}

/** The inputs that an objective's value hangs on at a level, strongest first. */
export interface HangsOn {
  readonly objective: string
  readonly inputs: readonly Sensitivity[]
}

/** Numbers with uncertainty: the one answer type of every engine. What an engine cannot know is absent, never zero. */
export interface Summary {
  readonly format: 1
  readonly runId: string
  readonly version: string
  readonly origin: SummaryOrigin
  /** Set where a formula or a decomposition is not exact. */
  readonly approximate?: boolean
  readonly workload: { readonly name: string; readonly hash: string }
  readonly seed?: number
  /** Independent runs that this one stands for, with seeds from `seed` on; one where absent. */
  readonly replications?: number
  readonly speed: number
  readonly level: Level
  /** The level moved in stages: `level` is the highest. */
  readonly stages?: true
  readonly window?: MeasuredWindow
  readonly sessions?: SessionSummary
  /** Where sessions are calls by telephone. */
  readonly phone?: PhoneSummary
  /** Open load that has no steady state: the line grows without end, and there are no times to tell. */
  readonly unstable?: true
  readonly saturation?: Saturation
  readonly turn?: TurnArithmetic
  readonly turns: Partial<TurnCounts> & { readonly perSecond: number }
  readonly latency: {
    readonly turnMs?: Dist
    readonly ttftMs?: Dist
    /** To the first useful text. */
    readonly usefulMs?: Dist
    readonly interTokenMs?: Dist
    /** For each token after the first. */
    readonly tpotMs?: Dist
    readonly intendedTurnMs?: Dist
  }
  /** The agent's own time a turn, without calls; `retryWaitMs` is the fault of the quota, or of a call that failed. */
  readonly ownTime?: {
    readonly beforeMs?: Dist
    readonly betweenMs?: Dist
    readonly afterMs?: Dist
    readonly retryWaitMs?: Dist
  }
  readonly calls?: {
    readonly perTurn?: Dist
    /**
     * Tries that ended, refused ones too: what a limit of requests is asked for. Solved: those let through, each of which is
     * one call of `perTurn`.
     */
    readonly perSecond?: number
    readonly inFlight?: { readonly mean: number; readonly max?: number }
    readonly latencyMs?: Dist
    /** Tries of a call that was refused or failed before; a call that went to another model begins anew there. */
    readonly retriesPerTurn?: number
    readonly depth?: {
      readonly intended: number
      readonly observed: number
      readonly cut: number
      /** Model calls a turn beside the root loop: of sub-agents and routers. */
      readonly beside?: number
    }
  }
  readonly models?: Readonly<Record<string, CallServiceSummary>>
  readonly tools?: Readonly<Record<string, CallServiceSummary>>
  readonly scenarios?: Readonly<Record<string, PartSummary>>
  /** By the turn's place in its session: `1`, `2`, `3`, `4-7`, `8+`. */
  readonly turnIndexes?: Readonly<Record<string, PartSummary>>
  /** All turns that ended, as the parts are told. */
  readonly all?: PartSummary
  /** Turns that kept every limit that is a turn's own, and the objectives that set those. */
  readonly goodput?: ShareValue & { readonly turnsPerSecond: number; readonly limits: readonly string[] }
  /** What 429s and 503s that reached users cost them. */
  readonly refusals?: RefusalSummary
  /** What the provider made go wrong on purpose: no fault of the agent's. */
  readonly faults?: {
    /** Calls, by the fault's name. */
    readonly byName: Readonly<Record<string, number>>
    /** Turns with such a call, and those of them that were not completed. */
    readonly turns: number
    readonly failedTurns: number
  }
  readonly joined?: Readonly<Record<JoinedBy, number>>
  /** Calls behind the agent that no driven turn can have; zeros where every call found its turn. */
  readonly unjoined?: UnjoinedCalls
  readonly assumed?: readonly AssumedField[]
  readonly tokens?: {
    readonly input: number
    readonly cachedInput: number
    readonly output: number
    readonly perSecond: number
  }
  /** What users did beside sending and waiting, by kind: `disconnected`, `stalled`, `doubleSent`, `retried` ... */
  readonly behaviour?: Readonly<Record<string, number>>
  readonly errors?: { readonly rate: number; readonly byKind: Readonly<Record<string, number>> }
  readonly services?: readonly ServiceUse[]
  readonly rules?: readonly RuleUse[]
  readonly objectives: readonly ObjectiveResult[]
  readonly hangsOn?: HangsOn
  readonly uncertainty?: LevelUncertainty
  readonly cost?: {
    readonly perTurnUsd?: number
    readonly perUserHourUsd?: number
    readonly perMonthUsd?: number
  }
  /**
   * Mean milliseconds of a turn by where they went: queue, prompt, state, cpu, model, tools, retry wait ... Of a response
   * by telephone also the p95 of each part by itself, where it is known.
   */
  readonly turnTime?: readonly { readonly part: string; readonly meanMs: number; readonly p95Ms?: number }[]
  readonly series?: readonly SeriesPoint[]
  /** Whether sessions were kept apart, where messages were marked. */
  readonly canaries?: CanarySummary
  /** Questions whose answers are known, asked idle and under load. */
  readonly golden?: GoldenSummary
  /** What the server keeps for each session that is over. */
  readonly soak?: SoakSummary
  /** What scripts noted. */
  readonly script?: ScriptSummary
  readonly server?: ServerUse
  readonly generator?: GeneratorReport
}
