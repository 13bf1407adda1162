import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monotonicMs } from '../clock/now.ts'
import type { Workload } from '../workload/workload.ts'
import { sendError } from './answers.ts'
import { alarm } from './edge/waits.ts'
import type { WorkerSettings } from './messages.ts'
import { answer } from './session-face.ts'
import { toolDeclarations } from './tool-declarations.ts'
import { Turns } from './turns.ts'

export interface AgentOptions {
  readonly host: string
  readonly port: number
  /** Base URL of an OpenAI-compatible model endpoint. */
  readonly modelUrl: string
  /** Tools answer under `<toolsUrl>/tools/<name>`. */
  readonly toolsUrl: string
  readonly apiKey: string
  /** Time compression of the agent's own waits and CPU. */
  readonly speed?: number
  /** `User-Agent` of model and tool calls. */
  readonly callerName?: string
}

export interface AgentServer {
  readonly url: string
  /** Ends every turn, connection and worker. */
  close(): Promise<void>
}

const limits = { sessions: 50_000, idleMs: 3_600_000, messages: 1000, perSession: 8 }

/** Starts the reference agent server: it enacts what the workload assumes of an agent. */
export async function startAgent(workload: Workload, options: AgentOptions): Promise<AgentServer> {
  const speed = options.speed ?? 1
  const turns = await Turns.open(workload, workerSettings(workload, options, speed), {
    speed,
    now: monotonicMs,
    alarm,
    limits,
  })
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
    answer(request, response, turns).catch(() => {
      if (response.headersSent || request.destroyed) return response.destroy()
      return sendError(response, { code: 'internal', message: 'the agent has failed' })
    })
  })
  try {
    await listen(server, options)
  } catch (error) {
    await turns.close()
    throw error
  }
  return {
    url: `http://${inUrl(options.host)}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      await turns.close()
      server.closeAllConnections()
      await closed
    },
  }
}

function workerSettings(workload: Workload, options: AgentOptions, speed: number): WorkerSettings {
  const { agent } = workload
  return {
    modelUrl: options.modelUrl,
    toolsUrl: options.toolsUrl,
    apiKey: options.apiKey,
    callerName: options.callerName ?? 'plimsoll-agent',
    speed,
    models: workload.models.map(({ id, maxTokens, fallback }) => ({
      id,
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(fallback ? { fallback } : {}),
    })),
    tools: toolDeclarations(workload),
    steps: agent.limits.steps,
    retries: agent.retries,
    ...(agent.breakers ? { breakers: agent.breakers } : {}),
    ...(agent.limits.callMs === undefined ? {} : { callMs: agent.limits.callMs }),
    ...(agent.limits.toolMs === undefined ? {} : { toolMs: agent.limits.toolMs }),
    cpuPerCallMs: agent.overhead.cpuPerCallMs,
    cpuPerTokenMs: agent.overhead.cpuPerTokenMs,
  }
}

async function listen(server: Server, { host, port }: AgentOptions): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
