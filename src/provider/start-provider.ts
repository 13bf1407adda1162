import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { startRealClock } from '../clock/edge/real-clock.ts'
import { Timer } from '../clock/timer-wheel.ts'
import { monotonicMs, wallClockMs } from '../clock/now.ts'
import { runNumber } from '../sessions/turn-key.ts'
import { invalidRequest, openAiErrorBody } from '../wire/openai-error.ts'
import type { AdminReset } from '../wire/admin-api.ts'
import type { Workload } from '../workload/workload.ts'
import type { Administered } from './admin-face.ts'
import { startSelfProbe } from '../host/edge/self-probe.ts'
import { createEpoch, type Epoch } from './epoch.ts'
import type { Face } from './face.ts'
import { Faults } from './faults.ts'
import { LiveCalls } from './live-calls.ts'
import { route } from './route.ts'

export interface ProviderOptions {
  readonly host?: string
  /** 0 takes a free one. */
  readonly port?: number
  readonly seed: number
  /** Time compression: latencies, quota windows and waits are divided by it. */
  readonly speed?: number
  readonly runId: string
  /** Needed by callers of the admin API; without it the provider listens on loopback only. */
  readonly adminToken?: string
}

export interface Provider {
  readonly url: string
  readonly port: number
  /** Ends what is in flight, frees the port and leaves no timer behind. */
  close(): Promise<void>
}

const mostConnections = 20_000
const keepAliveMs = 75_000
const requestMs = 60_000
const loopback = new Set(['127.0.0.1', '::1', 'localhost'])

/** Plays the workload's models and tools over HTTP, on the real clock. */
export async function startProvider(workload: Workload, options: ProviderOptions): Promise<Provider> {
  const { host = '127.0.0.1', port = 0, adminToken } = options
  if (!loopback.has(host) && !adminToken)
    throw new Error(`listening on ${host} needs an admin token, since others than this machine can reach it`)
  const provider = new RunningProvider(workload, options)
  const server = createServer(
    { keepAliveTimeout: keepAliveMs, requestTimeout: requestMs, headersTimeout: requestMs, noDelay: true },
    (request, response) => provider.answer(request, response),
  )
  server.maxConnections = mostConnections
  server.on('clientError', (_error, socket) => {
    if (!socket.writable) return
    const body = openAiErrorBody(invalidRequest('The request is not valid HTTP.'))
    socket.end(
      `HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
    )
  })
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({ port, host, backlog: 4096 }, () => resolve())
    })
  } catch (error) {
    provider.stop()
    throw error
  }
  const address = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${address.port}`,
    port: address.port,
    async close() {
      provider.cutAll()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeIdleConnections()
      // What has just been written still leaves; whoever does not read it does not keep the port.
      provider.after(graceMs, () => server.closeAllConnections())
      await closed
      provider.stop()
    },
  }
}

const graceMs = 100
/** Longer than any quota's window: whoever calls a provider that has just been started finds its buckets full. */
const longIdleMs = 3_600_000

class RunningProvider implements Face, Administered {
  readonly clock = startRealClock()
  readonly live = new LiveCalls()
  readonly faults: Faults
  readonly probe = startSelfProbe()
  readonly listed: ReadonlySet<string>
  readonly adminToken: string | undefined
  epoch: Epoch
  readonly #speed: number
  readonly #idPrefix = wallClockMs().toString(36)
  #ids = 0

  constructor(workload: Workload, { seed, speed = 1, adminToken }: ProviderOptions) {
    this.#speed = speed
    this.adminToken = adminToken
    this.faults = new Faults(workload.faults ?? [])
    this.listed = new Set(
      workload.scenarios.flatMap(({ tools }) => tools.map((index) => workload.tools[index]!.name)),
    )
    this.epoch = this.#newEpoch(workload, seed, undefined, longIdleMs)
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    route(this, request, response)
  }

  nextId(): string {
    return `${this.#idPrefix}${(this.#ids++).toString(36).padStart(8, '0')}`
  }

  cutAll(): void {
    this.live.cutAll('The provider is closing.')
  }

  after(waitMs: number, then: () => void): void {
    this.clock.set(new Timer(then), monotonicMs() + waitMs)
  }

  stop(): void {
    this.clock.stop()
    this.probe.stop()
  }

  reset({ runId, seed, idleMs = 0 }: AdminReset): void {
    this.probe.restart()
    this.epoch = this.#newEpoch(this.epoch.workload, seed, runNumber(runId), idleMs)
  }

  workloadMs(): number {
    return this.epoch.time.toWorkload(monotonicMs())
  }

  #newEpoch(workload: Workload, seed: number, run: number | undefined, idleMs: number): Epoch {
    const { clock } = this
    return createEpoch(workload, { seed, run, speed: this.#speed, nowMs: monotonicMs(), idleMs, clock })
  }
}
