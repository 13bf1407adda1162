import type { SelfUse } from '../host/edge/self-probe.ts'
import type { EndedSession } from '../result/ended-sessions.ts'
import type { TurnPlace } from '../result/good-turns.ts'
import type { ScriptSample } from '../result/records.ts'
import type { Level } from '../workload/level.ts'
import type { LoadOptions } from './load-options.ts'
import type { EndedTurn } from './run-turn.ts'
import type { Shape } from './stages.ts'
import type { TurnLimits } from './turn-budget.ts'
import type { BehaviourCounts } from './user-behaviour.ts'

/** Those who play the users of a run, or a part of them, from the first to the last. */
export interface Crew {
  /** No new turns from now on; those in flight go on. */
  stop(): void
  /** Ends the turns in flight. */
  cut(): void
  /** Resolves when no user is left and all that they did was told. Rejects on a bug. */
  readonly gone: Promise<void>
  /** Frees all connections, and tells what only the end knows. */
  close(): Promise<CrewAtEnd>
}

/** What a crew tells while it plays. */
export interface CrewNews {
  started(): void
  ended(turn: EndedTurn): void
  sessionStarted(atMs: number): void
  /** Not told of a session that the end of the run cut short. */
  sessionEnded(atMs: number, session: EndedSession): void
  /** One more would have been more than there may be at once. */
  sessionTurnedAway(atMs: number): void
  sampled(sample: ScriptSample): void
  /** For people: what happened besides turns, in one line. */
  remarked(message: string): void
  /** No turn begins any more: a limit that crews share is reached. */
  refused?(limit: 'turns' | 'dollars'): void
}

export interface CrewAtEnd {
  /** Times between tokens with their counts. */
  readonly gaps: readonly { readonly gapMs: number; readonly count: number; readonly of: TurnPlace }[]
  readonly behaviour?: BehaviourCounts
  /** What each of several threads used until the run was over. */
  readonly workers?: readonly SelfUse[]
}

/** Of `of` crews, the one that plays user or session n where n mod `of` is `index`. */
export interface CrewPart {
  readonly index: number
  readonly of: number
}

/** The one crew that plays all users. */
export const everybody: CrewPart = { index: 0, of: 1 }

/** What of a run's options those who play its users need. */
export type CrewOptions = Pick<
  LoadOptions,
  | 'maxUsers'
  | 'target'
  | 'driver'
  | 'proxies'
  | 'warmupMs'
  | 'seed'
  | 'speed'
  | 'runId'
  | 'marker'
  | 'turnTimeoutMs'
>

/** What crews are to play, as data that can be sent to another thread. */
export interface CrewTask {
  readonly options: CrewOptions
  readonly shape: Shape
  readonly level: Level
}

/** Crews that are ready to begin together. */
export interface ReadyCrews {
  /** `startedMs` is instant 0 of the run on the machine's monotonic clock. */
  begin(startedMs: number, news: CrewNews): Crew
  /** Frees them without a run. */
  dismiss(): Promise<void>
}

/** Makes crews ready, in threads of their own; the limits hold over all of them together. */
export type Muster = (task: CrewTask, limits: TurnLimits) => Promise<ReadyCrews>
