import type { ErrorKind, Outcome, Tags } from '../../result/records.ts'
import type { HttpMethod } from '../driver.ts'

/** What came back for one message. A turn that fails is an answer too: nothing is thrown. */
export interface Answer {
  /** A whole answer came, and it was what the scenario expects. */
  readonly ok: boolean
  /** What the user read, as far as it came. */
  readonly text: string
  readonly outcome: Outcome
  /** `none` where it was completed. */
  readonly errorKind: ErrorKind
  /** HTTP status; 0 where there was none. */
  readonly status: number
  /** From the send to the first text; absent where none came. Workload time, as all times here. */
  readonly ttftMs?: number
  /** From the send to the end. */
  readonly latencyMs: number
  readonly tokens: number
  /** Which message of the session it answers, from 0. */
  readonly turn: number
  /** What went wrong, in one line. */
  readonly message?: string
}

/** A request that is no message: to look at an order, to upload a file, to call a webhook. */
export interface ScriptRequest {
  /** POST where there is a body, else GET. */
  readonly method?: HttpMethod
  readonly headers?: Readonly<Record<string, string>>
  /** A text as it is; anything else as JSON. */
  readonly body?: unknown
  /** Workload time after which nobody waits any more; 60 s where not written. */
  readonly timeoutMs?: number
  readonly tags?: Tags
}

/** What came back for a request. Nothing is thrown. */
export interface Reply {
  /** Answered with 200 to 299. */
  readonly ok: boolean
  /** 0 where there was no answer. */
  readonly status: number
  /** By their names in small letters. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  /** Of a text that is JSON; undefined else. */
  readonly json: unknown
  readonly latencyMs: number
  /** `none` where anything was answered. */
  readonly errorKind: ErrorKind
  /** What went wrong, in one line. */
  readonly message?: string
}

/** The agent under test, as one user sees it. */
export interface ScriptAgent {
  /** Sends a message and waits for the answer as long as the user would. One at a time. */
  readonly say: (text: string, options?: { readonly tags?: Tags }) => Promise<Answer>
  /**
   * Sends any request to the target's host, with the user's login and cookies. It is no turn: it is told as the trend
   * `request_ms` and the rate `request_failed`.
   */
  readonly request: (path: string, request?: ScriptRequest) => Promise<Reply>
}

/** Who plays: one user, in one session. Every draw repeats with the seed. */
export interface ScriptUser {
  /** From 0; in open load every session is a user of its own. */
  readonly id: number
  /** Number of the session in the run, as in records and traces. */
  readonly session: number
  /** Which session of this user it is, from 0. */
  readonly iteration: number
  /** Name of the scenario that the session was drawn for. */
  readonly scenario: string
  /** A number from 0 up to, but not including, 1. */
  readonly random: () => number
  /** One of the list, at random. */
  readonly pick: <T>(list: readonly T[]) => T
  /** The user's own line of a list: as long as there are enough, no two users have the same. */
  readonly own: <T>(list: readonly T[]) => T
}

/** What a script plays with. */
export interface ScriptContext<Data = Readonly<Record<string, never>>, State = undefined> {
  readonly agent: ScriptAgent
  readonly user: ScriptUser
  /** The files that the script named. */
  readonly data: Data
  /** What `sessionStart` returned. */
  readonly state: State
  /** Waits: milliseconds, a duration or a distribution (`lognormal(mean 45s cv 0.8)`); without, as the file says. */
  readonly think: (time?: number | string) => Promise<void>
  /** Notes whether something is as it should be; a check that fails ends nothing. */
  readonly check: (name: string, ok: unknown, tags?: Tags) => boolean
  /** Adds to a counter. */
  readonly count: (name: string, add?: number, tags?: Tags) => void
  /** Adds to a rate: the share of times that it was so. */
  readonly rate: (name: string, was: unknown, tags?: Tags) => void
  /** Adds a value to a trend: its mean and percentiles are told. */
  readonly trend: (name: string, value: number, tags?: Tags) => void
}

/** A line of a CSV file, by its columns. */
export type CsvRow = Readonly<Record<string, string>>

/** Rows of a file by what it is: of CSV text cells, of JSON (a list) and JSON lines whatever stands there. */
type RowsOf<File> = File extends `${string}.csv` ? readonly CsvRow[] : readonly unknown[]

/** What may stand beside what a user does. */
export interface ScriptOptions<Files extends Readonly<Record<string, string>>, State> {
  /** Files of CSV, JSON or JSON lines by a name of one's own; the paths are relative to the script. */
  readonly data?: Files
  /** On everything that the script's sessions measure. */
  readonly tags?: Tags
  /** Before the first message of a session; what it returns is the session's `state`. */
  readonly sessionStart?: (context: ScriptContext<DataOf<Files>, undefined>) => State | PromiseLike<State>
  /** After the session, however it ended. */
  readonly sessionEnd?: (context: ScriptContext<DataOf<Files>, State>) => void | PromiseLike<void>
}

type DataOf<Files> = { readonly [Name in keyof Files]: RowsOf<Files[Name]> }

/** A session of one user, as a script tells it. */
export interface ScriptDefinition {
  readonly options: ScriptOptions<Readonly<Record<string, string>>, unknown>
  readonly play: (context: ScriptContext<Readonly<Record<string, readonly unknown[]>>, unknown>) => unknown
}

// Not by class: a script may have found another copy of this package.
const mark = Symbol.for('plimsoll.scenario')

/** What one user does in one session, from the first message to the last: the default export of a script. */
export function scenario(play: (context: ScriptContext) => void | PromiseLike<void>): ScriptDefinition
export function scenario<const Files extends Readonly<Record<string, string>>, State = undefined>(
  options: ScriptOptions<Files, State>,
  play: (context: ScriptContext<DataOf<Files>, State>) => void | PromiseLike<void>,
): ScriptDefinition
export function scenario(first: unknown, second?: unknown): ScriptDefinition {
  const [options, play] = second === undefined ? [{}, first] : [first, second]
  if (typeof play !== 'function' || typeof options !== 'object' || options === null)
    throw new TypeError('scenario takes a function, or options and a function')
  return { options, play, [mark]: true } as unknown as ScriptDefinition
}

/** The definition in what a script exports; undefined where it is none. */
export function definitionIn(exported: unknown): ScriptDefinition | undefined {
  if (typeof exported === 'function') return { options: {}, play: exported as ScriptDefinition['play'] }
  const isMarked = typeof exported === 'object' && exported !== null && mark in exported
  return isMarked ? (exported as unknown as ScriptDefinition) : undefined
}
