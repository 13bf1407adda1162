import type { IncomingMessage, ServerResponse } from 'node:http'
import { startRealClock } from '../clock/edge/real-clock.ts'
import { monotonicMs, wallClockMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import { startSelfProbe } from '../host/edge/self-probe.ts'
import type { Recording } from '../result/recording.ts'
import { runNumber } from '../sessions/turn-key.ts'
import type { AdminReset } from '../wire/admin-api.ts'
import type { Workload } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'
import type { Administered } from './admin-face.ts'
import type { OtherConversations } from './conversations.ts'
import { createEpoch, type Epoch } from './epoch.ts'
import type { Face } from './face.ts'
import { Faults } from './faults.ts'
import { closing, LiveCalls } from './live-calls.ts'
import { createMcpFace } from './mcp-face.ts'
import { route } from './route.ts'
import type { Upgrade } from './speech/speech-socket.ts'
import { Tokenizers } from './tokens/tokenizers.ts'
import { routeUpgrade } from './upgrade.ts'

/** What a provider plays, wherever it is reached. */
export interface Playing {
  readonly seed: number
  /** Time compression: latencies, quota windows and waits are divided by it. */
  readonly speed?: number
  /** Needed by callers of the admin API; without it the provider listens on loopback only. */
  readonly adminToken?: string
  /** Played in place of what the workload draws. */
  readonly recording?: Recording
  /** Set where it is one of several threads that play the same. */
  readonly among?: AmongThreads
}

/** What one of several threads is told, so that all play the same. */
export interface AmongThreads {
  /** Begins its ids, and those of no other. */
  readonly idPrefix: string
  readonly start: SharedStart
  readonly others: OtherConversations
}

/** When an epoch begins, on the machine's monotonic clock, and the memory that holds what decides in it. */
export interface SharedStart {
  readonly nowMs: number
  readonly memory: SharedArrayBuffer
}

/** Longer than any quota's window: whoever calls a provider that has just been started finds its buckets full. */
const longIdleMs = hourMs

/** A provider without a door: `answer` takes requests from whoever has them. */
export class RunningProvider implements Face, Administered {
  readonly clock = startRealClock()
  readonly live = new LiveCalls()
  readonly faults: Faults
  readonly probe = startSelfProbe()
  readonly listed: ReadonlySet<string>
  readonly adminToken: string | undefined
  readonly mcp = createMcpFace(this)
  readonly #tokenizers = new Tokenizers()
  epoch: Epoch
  readonly #speed: number
  readonly #recording: Recording | undefined
  readonly #idPrefix: string
  readonly #among: AmongThreads | undefined
  #ids = 0

  constructor(workload: Workload, { seed, speed = 1, adminToken, recording, among }: Playing) {
    this.#speed = speed
    this.#recording = recording
    this.#among = among
    this.#idPrefix = among?.idPrefix ?? wallClockMs().toString(36)
    this.adminToken = adminToken
    this.faults = new Faults(workload.faults ?? [])
    this.listed = new Set(
      [...workload.scenarios, ...workload.tools.flatMap(({ subagent }) => subagent ?? [])].flatMap(
        ({ tools }) => tools.map((index) => workload.tools[index]!.name),
      ),
    )
    this.epoch = this.#newEpoch(workload, seed, undefined, longIdleMs, among?.start)
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    route(this, request, response)
  }

  /** Takes requests that would become a WebSocket. */
  upgrade(upgrade: Upgrade): void {
    routeUpgrade(this, upgrade)
  }

  nextId(): string {
    return `${this.#idPrefix}${(this.#ids++).toString(36).padStart(8, '0')}`
  }

  cutAll(): void {
    this.live.cutAll(closing)
  }

  after(waitMs: number, then: () => void): void {
    this.clock.set(new Timer(then), monotonicMs() + waitMs)
  }

  stop(): void {
    this.clock.stop()
    this.probe.stop()
  }

  reset({ runId, seed, idleMs = 0 }: AdminReset, start?: SharedStart): void {
    this.probe.restart()
    this.epoch = this.#newEpoch(this.epoch.workload, seed, runNumber(runId), idleMs, start)
  }

  /** Alone it always agrees with itself. */
  agree(): Promise<void> {
    return Promise.resolve()
  }

  workloadMs(): number {
    return this.epoch.time.toWorkload(monotonicMs())
  }

  #newEpoch(
    workload: Workload,
    seed: number,
    run: number | undefined,
    idleMs: number,
    start: SharedStart | undefined,
  ): Epoch {
    return createEpoch(workload, {
      seed,
      run,
      speed: this.#speed,
      nowMs: start?.nowMs ?? monotonicMs(),
      idleMs,
      clock: this.clock,
      tokenizers: this.#tokenizers,
      recording: this.#recording,
      memory: start?.memory,
      others: this.#among?.others,
    })
  }
}
