/**
 * The provider's admin API, under `/_plimsoll/`:
 *
 *   GET  health                 → AdminHealth
 *   POST reset   AdminReset     → AdminHealth: empty quotas, no records, new seed
 *   GET  records?from=N         → AdminRecords: the call records with number N and later, oldest first
 *   GET  stats                  → AdminStats
 *   GET | PUT | DELETE faults   → AdminFaults: what goes wrong on purpose; PUT takes { faults: [...], ids?: [...] } as the file has them
 *
 * Instants are milliseconds of the machine's monotonic clock, uncompressed.
 */
export interface AdminHealth {
  readonly name: 'plimsoll-provider'
  readonly version: string
  readonly workloadHash: string
  readonly seed: number
  readonly speed: number
  readonly inFlight: number
}

export interface AdminReset {
  readonly runId: string
  readonly seed: number
  /** As if nobody had asked for so long, workload time: buckets have filled meanwhile. Default: 0, they are empty. */
  readonly idleMs?: number
}

/** `Call` is the record type of the layer that uses this; the wire only promises an array of JSON objects. */
export interface AdminRecords<Call = unknown> {
  readonly records: readonly Call[]
  /** Ask from here next time. */
  readonly next: number
  /** Records that fell out of the bounded buffer before they were read. */
  readonly lost: number
}

export interface AdminStats {
  readonly calls: number
  readonly inFlight: number
  readonly rateLimited: number
  /** How much later than due the provider wrote, wall milliseconds. */
  readonly latenessP50Ms?: number
  readonly latenessP99Ms: number
  readonly latenessMaxMs: number
  readonly loopDelayP99Ms: number
  /** CPU seconds used by this process since the last reset. */
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /** Requests that named a tool which no scenario allows, by tool. */
  readonly unlistedTools: Readonly<Record<string, number>>
  readonly toolCallsByName: Readonly<Record<string, number>>
  /** Calls that a fault has hit, by its name. */
  readonly injectedFaults?: Readonly<Record<string, number>>
  /** Share of each model's quota in use, 0 to 1. */
  readonly quotaLevel: Readonly<Record<string, number>>
  /** Of the run; absent where nobody has asked for speech. */
  readonly speech?: { readonly stt: AdminSpeech; readonly tts: AdminSpeech }
}

/** What a speech service has been asked for. */
export interface AdminSpeech {
  /** Slots taken now, and at most. */
  readonly atOnce: number
  readonly mostAtOnce: number
  readonly refused: number
  /** Transcripts given, or answers spoken. */
  readonly done: number
  /** From the end of what a caller of the run said to its text; from a text to its first sound. */
  readonly waits: { readonly count: number; readonly meanMs: number; readonly p95Ms: number }
}

export interface AdminFaults {
  /** Its name. */
  readonly workload: string
  /** Workload milliseconds since the run began: schedules count from there. */
  readonly sinceMs: number
  /** As the workload file writes them. */
  readonly faults: readonly Readonly<Record<string, string | number>>[]
  /** What tells those that say the same apart, in their order; `PUT` takes it, too. */
  readonly ids: readonly number[]
  /** Calls of this run that each of them has hit, in their order. */
  readonly hits: readonly number[]
  /** The same by name, with those that are played no more. */
  readonly injected: Readonly<Record<string, number>>
  readonly calls: number
  readonly inFlight: number
  /** All faults that there are, and all that they may stand on. */
  readonly names: readonly string[]
  readonly targets: readonly string[]
}
