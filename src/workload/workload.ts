import type { Distribution } from '../stats/distribution.ts'
import type {
  AdmissionRule,
  Breakers,
  Connections,
  DegradeRule,
  Fallback,
  ModelShare,
  Scale,
  ServerFailures,
  StateStore,
  Subagent,
} from './agent-rules.ts'
import type { Arrivals } from './arrivals.ts'
import type { Behaviour } from './behaviour.ts'
import type { Fault } from './fault.ts'
import type { MetricName } from './metrics.ts'
import type { MetricThreshold } from './metric-threshold.ts'
import type { HandOff, Phone } from './phone.ts'
import type { QuotaModel, QuotaNumbers, QuotaPresetName } from './quota-presets.ts'
import type { QuotaTerm } from './quota-terms.ts'
import type { Target } from './target.ts'
import type { Tokenizing } from './tokenizer.ts'
import type { VoiceAgentRules } from './voice-agent.ts'

/**
 * A workload, resolved: units gone, defaults spelled out, scenarios complete. Durations are milliseconds,
 * sizes are tokens, shares are 0 to 1. A limit that the file does not write is `Infinity`; a cost it does not
 * write is zero; what may be unknown is optional. Engines read this and never the YAML.
 */
export interface Workload {
  readonly name: string
  /** Of the normalised file, for telling two runs of the same workload apart from two workloads. */
  readonly hash: string
  readonly target?: Target
  readonly users: Users
  /** At least one; `scenarios[i]` is what `Sessions.scenario` returns. */
  readonly scenarios: readonly Scenario[]
  readonly agent: Agent
  /** At least one; a scenario names one by its index. */
  readonly models: readonly Model[]
  readonly tools: readonly Tool[]
  /** Calls by telephone. */
  readonly phone?: Phone
  /** Sessions that wait, and when all of them are to be done. */
  readonly backlog?: { readonly items: number; readonly withinMs: number }
  readonly objectives: readonly Objective[]
  /** Of the measures that scripts keep; only measured runs can tell them. */
  readonly thresholds?: readonly MetricThreshold[]
  /** Played by the provider on purpose; no other engine knows them. */
  readonly faults?: readonly Fault[]
  /** Where each value of the file comes from, by its path (`model.ttft`). */
  readonly origins: ReadonlyMap<string, Origin>
  /** Values that the file gives as a range; absent where it gives none. Everything else here is of their middles. */
  readonly ranges?: Ranges
}

/** The uncertain inputs of a file. */
export interface Ranges {
  /** In the order of the file. */
  readonly inputs: readonly Range[]
  /**
   * The file with each input at a share of the way from its low end to its high one; undefined where the values do not
   * go together, such as a p50 above its p95.
   */
  readonly at: (shares: readonly number[]) => Workload | undefined
}

/** An uncertain value of the file: `40%..80%`, or within a distribution. */
export interface Range {
  /** As `--set` takes it: `model.cached`, `scenarios.faq.depth`. */
  readonly path: string
  /** All that the file writes there: `lognormal(mean 30s..60s cv 0.8)`. */
  readonly text: string
  /** In the file's words; the middle, halfway between the ends, is what the engines read. */
  readonly low: string
  readonly middle: string
  readonly high: string
}

/** *given* by the user, from a dated *preset*, *measured* on the real thing, or *guessed* (a starter value). */
export type Origin = 'given' | 'preset' | 'measured' | 'guessed'

/** Who the users are and how they come. */
export interface Users {
  /** Between sessions, and within a session where the scenario says nothing. Milliseconds. */
  readonly think: Distribution
  readonly patience?: Patience
  /** How open sessions arrive; a Poisson process where absent. */
  readonly arrivals?: Arrivals
  /** Enacted by measured runs; the other engines have users who only send and wait. */
  readonly behaviour?: Behaviour
  /** Share of registered users who are there at once, and the peak over the average. */
  readonly peak: {
    readonly concurrencyRatio?: number
    readonly peakToAverage?: number
    /** The rate of open arrivals in each hour from midnight on, as a share of the busiest hour's. */
    readonly day?: readonly number[]
    readonly burst?: Burst
    /** Agents that make their first model call at the same instant. */
    readonly together?: number
  }
}

/** More than usual for a while: model calls a second, or the tokens that they ask for. */
export interface Burst {
  readonly tokensPerSecond?: number
  readonly callsPerSecond?: number
  readonly forMs?: number
}

/** How long a user waits before giving up, for the whole answer or only for its first text. */
export interface Patience {
  readonly of: 'turn' | 'firstToken'
  readonly after: Distribution
  readonly then: 'continue' | 'leave'
}

/** A kind of conversation. */
export interface Scenario {
  readonly name: string
  /** Share of sessions, already normalised: the shares of all scenarios add up to 1. */
  readonly share: number
  /** User messages; turn `t` says `say[t % say.length]`. Never empty. */
  readonly say: readonly string[]
  /** A script that measured runs play instead: a file's path, as it is written. */
  readonly script?: string
  /** Recorded conversations, of which `say` is the first: each session is one of them. */
  readonly conversations?: {
    readonly texts: readonly (readonly string[])[]
    /** Whether a session has as many turns as its conversation has messages. */
    readonly decideTurns: boolean
  }
  readonly turns: Distribution
  /** Of a call: it has as many as its length asks for, and `turns` is their mean. */
  readonly turnsPerMinute?: number
  /** Between the turns of one session. Milliseconds. */
  readonly think: Distribution
  /** Steps of the loop in one turn: model calls, counting parallel ones once. At least 1. */
  readonly depth: Distribution
  /** Indices into `Workload.tools`; the simulated model calls these and no other. */
  readonly tools: readonly number[]
  /** Index into `Workload.models`; with `routes` the first of them. */
  readonly model: number
  /** Models that turns ask, by share: drawn for each turn. */
  readonly routes?: readonly ModelShare[]
  /** Higher goes first; 0 where absent. */
  readonly priority?: number
  readonly input: ModelInput
  /** Output tokens of one model call. */
  readonly output: Distribution
  readonly expect?: Expectation
  /** The share of sessions that people take over. */
  readonly handOff?: HandOff
}

/** What an answer must be to count as one. */
export interface Expectation {
  readonly status?: number
  readonly contains?: string
  readonly underMs?: number
  /** Of the session: words by which an answer says that the request is done, or that a person takes over. */
  readonly completes?: readonly string[]
  readonly escalates?: readonly string[]
}

/** The agent server. Assumed: the agent decides these; `plimsoll agent` enacts them. */
export interface Agent {
  readonly server?: { readonly cpu?: number; readonly memoryBytes?: number; readonly perMonthUsd?: number }
  /** Processes or threads with an event loop each. `Infinity`: the file sets no limit. */
  readonly workers: number
  /** Turns at once in one worker; 1 is synchronous. `Infinity`: the file sets no limit. */
  readonly concurrency: number
  /** Turns that may wait for a slot; beyond this the agent sheds. */
  readonly queue: number
  readonly overhead: {
    /** Once a turn, before the first call: waiting that keeps the slot but burns no CPU. */
    readonly promptMs: Distribution
    /** Each of the two state operations of a turn (load, save): waiting, no CPU. */
    readonly stateMs: Distribution
    /** CPU on the worker's event loop for each model call. */
    readonly cpuPerCallMs: number
    /** CPU on the worker's event loop for each output token. */
    readonly cpuPerTokenMs: number
  }
  readonly limits: {
    readonly turnMs: number
    readonly steps: number
    /** Of one try of a model call, and of one tool call; no limit where absent. */
    readonly callMs?: number
    readonly toolMs?: number
  }
  readonly retries: Retries
  readonly connections?: Connections
  /** Stands for `overhead.stateMs`, which is zero then. */
  readonly state?: StateStore
  /** First come, first served, and whoever comes last is shed, where absent. */
  readonly admission?: AdmissionRule
  readonly breakers?: Breakers
  readonly degrade?: readonly DegradeRule[]
  /** Servers like this one behind one balancer; 1 where absent. With `scale` they come and go. */
  readonly servers?: number
  readonly scale?: Scale
  readonly failures?: ServerFailures
  /** How it answers the telephone, where the file says so. */
  readonly voice?: VoiceAgentRules
}

/**
 * What a client does about a rejected model call: up to `attempts` further tries. Before retry n (0, 1, ...) it
 * waits `min(backoff × 2^n, 8 s)` less up to `jitter` of it, or what Retry-After says where that is honoured.
 */
export interface Retries {
  readonly attempts: number
  readonly backoffMs: number
  readonly honourRetryAfter: boolean
  /** Share of a backoff that chance may take off; 25 % where absent. */
  readonly jitter?: number
}

/** Input tokens of a call: system + history + message + what the loop has added so far. */
export interface ModelInput {
  readonly system: Distribution
  readonly message: Distribution
  /** Each tool result. */
  readonly toolResult: Distribution
  /** Earlier messages sent along (user's and agent's each count one): a number, `Infinity` for all. */
  readonly historyMessages: number
}

/** A model behind the agent. */
export interface Model {
  /** The key in `models`, or `model`. */
  readonly key: string
  /** What the request's `model` field says: `gpt-4.1-mini`. */
  readonly id: string
  /** The whole `like` entry, such as `openai/gpt-4.1-mini`. */
  readonly like?: string
  /** What its tokens are counted with where text is sent: by the provider. */
  readonly tokenizer: Tokenizing
  readonly input: ModelInput
  readonly output: Distribution
  /** Sent as `max_tokens`; reserved by some quotas. `undefined`: the request does not say. */
  readonly maxTokens?: number
  /** The provider refuses a call with more input tokens than that; any length where absent. */
  readonly contextTokens?: number
  /** Share of input tokens served from the prompt cache. */
  readonly cached: number
  /** The provider counts by what it has read before; engines that read no text go by the share. */
  readonly promptCache?: PromptCacheRule
  /** Request to first token, milliseconds. Zero when an `engine` decides. */
  readonly ttft: Distribution
  /** Between tokens, milliseconds: one draw a call. */
  readonly perToken: Distribution
  /** Tokens in one streamed chunk: a draw a call. */
  readonly tokensPerChunk: Distribution
  readonly quota?: ModelQuota
  /** A self-hosted engine: latency follows load. */
  readonly engine?: Engine
  readonly price?: Price
  /** Of a provisioned unit for a month, where the file says what it costs. */
  readonly unitPerMonthUsd?: number
  readonly fallback?: Fallback
}

/** Which beginnings of requests a prompt cache keeps. */
export interface PromptCacheRule {
  /** After their last use. */
  readonly keepMs: number
  readonly leastTokens: number
  readonly stepTokens: number
}

/** What a provider holds a model's calls to: plain limits a minute, or its own way of counting. */
export type ModelQuota = QuotaLimits | ProviderQuota

/** Buckets of a minute; `Infinity` where not written. */
export interface QuotaLimits {
  readonly requestsPerMinute: number
  readonly tokensPerMinute: number
}

/**
 * A provider's quota with everything filled in. What it allows a minute in the long run stands beside its terms, the
 * tightest of each unit; its tokens may be weighted, so that they compare only with what a term charges.
 */
export interface ProviderQuota extends QuotaLimits {
  readonly like: QuotaPresetName
  /** What the file writes, and the model that it is written of: the rest follows from them. */
  readonly written: QuotaNumbers
  readonly forModel: QuotaModel
  /** With what the preset fills in. */
  readonly numbers: QuotaNumbers
  /** Each must admit a call. */
  readonly terms: readonly QuotaTerm[]
  /** A call over the limit is refused, or served outside the quota at the list price. */
  readonly overLimit: 'reject' | 'spill'
  /** Where the preset comes from and its date. */
  readonly source: string
}

/**
 * An inference engine as load-dependent processor sharing: with b calls in flight, one call of K output and P
 * input tokens takes T(b) = step·K + b·(decode·K + prefill·P). At most `slots` calls run, the rest wait in order.
 */
export interface Engine {
  readonly stepMs: number
  readonly decodeMs: number
  readonly prefillMs: number
  readonly slots: number
  /** Tokens that the calls which run may hold in the KV cache; absent: no limit. */
  readonly kvTokens?: number
}

/** List prices of a million tokens, in US dollars. */
export interface Price {
  readonly inputPerMillionUsd: number
  readonly cachedPerMillionUsd: number
  /** Of input that is kept for later requests, where that is not charged as any other. */
  readonly writtenPerMillionUsd?: number
  /** Of what of that is kept for an hour. */
  readonly hourlyPerMillionUsd?: number
  readonly outputPerMillionUsd: number
  /** Where the price comes from and its date. */
  readonly source: string
}

/** A tool that the agent calls. */
export interface Tool {
  readonly name: string
  readonly latency: Distribution
  /** Calls at once; others wait in order. `Infinity`: no limit. */
  readonly capacity: number
  /** Share of calls that answer with an error. */
  readonly failure: number
  /** Parallel calls of this tool in one step. */
  readonly fanOut: Distribution
  /** Values the simulated model may put into each argument. */
  readonly arguments: Readonly<Record<string, readonly (string | number)[]>>
  /** What a call of it runs instead of taking `latency`. */
  readonly subagent?: Subagent
}

/** `turn p95 < 10s`: the statistic of a metric stays under a limit, or above it where more is better. */
export interface Objective {
  readonly text: string
  readonly metric: MetricName
  readonly statistic:
    | { readonly kind: 'percentile'; readonly share: number }
    | { readonly kind: 'mean' }
    | { readonly kind: 'rate' }
  /** Milliseconds for times, a share for rates, a plain number for what is counted. */
  readonly limit: number
  /** Only turns of this scenario, by index; all when absent. */
  readonly scenario?: number
  /** Only turns at these places in their session; all when absent. */
  readonly turns?: TurnRange
  /** A measured run ends as soon as this is missed, from that instant of the run on. */
  readonly abort?: { readonly afterMs: number }
}

/** Places of turns in their session, from 0; `last` belongs to it and may be Infinity. */
export interface TurnRange {
  readonly first: number
  readonly last: number
}
