import type { RealClock } from '../clock/edge/real-clock.ts'
import type { Recording } from '../result/recording.ts'
import { type EngineStation, engineStation } from '../service/engine-station.ts'
import { prefillPerOutput } from '../service/prefill-per-output.ts'
import type { Quota } from '../service/quota.ts'
import { serverStation } from '../service/server-station.ts'
import type { Station } from '../service/station.ts'
import { quotaOf } from '../service/token-bucket-quota.ts'
import { createSessions, type Sessions } from '../sessions/sessions.ts'
import type { Model, Tool, Workload } from '../workload/workload.ts'
import { CarrierCalls, carrierLimits } from './carrier-calls.ts'
import { Conversations, type OtherConversations } from './conversations.ts'
import { CountTable } from './count-table.ts'
import { Occurrences } from './occurrences.ts'
import { PromptCache } from './prompt-cache.ts'
import { replayedSessions } from './replayed-sessions.ts'
import { RecordRing } from './record-ring.ts'
import { RootLoops } from './root-loops.ts'
import { type SpeechServices, speechServices } from './speech/speech-services.ts'
import { Tally } from './tally.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'
import type { Tokenizers } from './tokens/tokenizers.ts'
import { TimedStation } from './timed-station.ts'
import { sharedState } from './workers/shared-state.ts'
import { WorkloadClock } from './workload-clock.ts'

export interface ServedModel {
  readonly index: number
  readonly model: Model
  readonly quota: Quota | undefined
  readonly engine: TimedStation<EngineStation> | undefined
  readonly promptCache: PromptCache | undefined
  readonly tokenizer: Tokenizer
}

export interface ServedTool {
  readonly index: number
  readonly tool: Tool
  readonly station: TimedStation
}

/**
 * Everything that a reset replaces. A call belongs to the epoch in which it came, so one that is still in flight at
 * a reset settles with the quota and ends in the records of the old one.
 */
export interface Epoch {
  readonly workload: Workload
  readonly seed: number
  /** Names of turns that belong to another run are not believed; undefined until a reset names the run. */
  readonly run: number | undefined
  readonly sessions: Sessions
  readonly time: WorkloadClock
  /** When the run began, workload time. */
  readonly beganAtMs: number
  readonly models: readonly ServedModel[]
  /** For what is counted of models that the workload does not have. */
  readonly tokenizers: Tokenizers
  readonly tools: ReadonlyMap<string, ServedTool>
  /** By scenario, the names of its tools. */
  readonly allowed: readonly ReadonlySet<string>[]
  readonly rootLoops: RootLoops
  /** Who brings the calls by telephone. */
  readonly carrier: CarrierCalls
  readonly speech: SpeechServices
  readonly occurrences: Occurrences
  /** Those that a stored response ended. */
  readonly conversations: Conversations
  /** Tries that did not succeed, by turn and step. */
  readonly failedTries: CountTable
  readonly records: RecordRing
  readonly tally: Tally
}

const rememberedCharacters = 64 * 1024 * 1024

export interface EpochOptions {
  readonly seed: number
  readonly run: number | undefined
  readonly speed: number
  readonly nowMs: number
  /** Workload time for which quotas have been filling. */
  readonly idleMs: number
  readonly clock: RealClock
  readonly tokenizers: Tokenizers
  /** Played in place of the workload's draws. */
  readonly recording?: Recording | undefined
  /** What decides is held in it, together with other threads. */
  readonly memory?: SharedArrayBuffer | undefined
  readonly others?: OtherConversations | undefined
}

/** An epoch with quotas that were empty `idleMs` ago, idle services and no records. */
export function createEpoch(workload: Workload, options: EpochOptions): Epoch {
  const { seed, run, speed, nowMs, idleMs, clock, recording, memory, tokenizers } = options
  const shared = memory && sharedState(workload, memory)
  const counts = shared?.counts ?? new CountTable()
  const hasCache = workload.models.some(({ promptCache }) => promptCache)
  const beginnings = shared?.beginnings ?? (hasCache ? new CountTable() : undefined)
  const drawn = createSessions(workload, seed, { users: 1 })
  const time = new WorkloadClock(nowMs - idleMs / speed, speed)
  const timed = <S extends Station>(station: S) => new TimedStation(station, time, clock)
  return {
    workload,
    seed,
    run,
    sessions: recording ? replayedSessions(drawn, recording, workload) : drawn,
    time,
    beganAtMs: idleMs,
    models: workload.models.map((model, index) => {
      const tokenizer = tokenizers.of(model.tokenizer)
      return {
        index,
        model,
        tokenizer,
        quota: shared ? shared.quotas[index] : quotaOf(model),
        promptCache:
          beginnings &&
          model.promptCache &&
          new PromptCache(model.promptCache, tokenizer, model.key, beginnings),
        engine: model.engine && timed(engineStation(model.engine, prefillPerOutput(workload, index))),
      }
    }),
    tokenizers,
    tools: new Map(
      workload.tools.map((tool, index) => [
        tool.name,
        { index, tool, station: timed(serverStation({ servers: tool.capacity })) },
      ]),
    ),
    speech: speechServices(workload.phone),
    allowed: workload.scenarios.map(({ tools }) => new Set(tools.map((tool) => workload.tools[tool]!.name))),
    rootLoops: new RootLoops(counts),
    occurrences: new Occurrences(counts),
    conversations: new Conversations(rememberedCharacters, options.others),
    failedTries: counts,
    records: new RecordRing(),
    tally: new Tally(),
    carrier: new CarrierCalls(carrierLimits(workload.phone), time, clock),
  }
}
