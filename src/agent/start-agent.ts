import { once } from 'node:events'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { monotonicMs } from '../clock/now.ts'
import { voiceAgentOf } from '../workload/voice-agent-schema.ts'
import type { Workload } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'
import { sendError } from './answers.ts'
import { alarm, wait } from './edge/waits.ts'
import type { WorkerSettings } from './messages.ts'
import { answer } from './session-face.ts'
import { subagentSettings, toolDeclarations } from './tool-declarations.ts'
import { Turns } from './turns.ts'
import { breakersOf } from './voice/breakers-of.ts'
import { VoiceAgent, type VoiceAgentOptions } from './voice/voice-agent.ts'

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
  /** Of an agent on the telephone: where speech is understood, made, and calls are handed off. */
  readonly voice?: Partial<Pick<VoiceAgentOptions, 'sttUrl' | 'ttsUrl' | 'carrierUrl' | 'authToken'>>
}

export interface AgentServer {
  readonly url: string
  /** Ends every turn, connection and worker. */
  close(): Promise<void>
}

const limits = { sessions: 50_000, idleMs: hourMs, messages: 1000, perSession: 8 }

/** Starts the reference agent server: it enacts what the workload assumes of an agent. */
export async function startAgent(workload: Workload, options: AgentOptions): Promise<AgentServer> {
  const speed = options.speed ?? 1
  const turns = await Turns.open(workload, workerSettings(workload, options, speed), {
    speed,
    now: monotonicMs,
    alarm,
    limits,
  })
  const voice = await openVoice(workload, turns, options, speed)
  const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
    const answered = voice?.answers(request, response) ?? answer(request, response, turns, voice)
    answered.catch(() => {
      if (response.headersSent || request.destroyed) return response.destroy()
      return sendError(response, { code: 'internal', message: 'the agent has failed' })
    })
  })
  if (voice) server.on('upgrade', (request, socket, head) => voice.upgrade(request, socket, head))
  try {
    await listen(server, options)
  } catch (error) {
    await voice?.close()
    await turns.close()
    throw error
  }
  return {
    url: `http://${inUrl(options.host)}:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      await voice?.close()
      await turns.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** The telephone, where the file has one. */
async function openVoice(
  workload: Workload,
  turns: Turns,
  { modelUrl, apiKey, voice }: AgentOptions,
  speed: number,
): Promise<VoiceAgent | undefined> {
  if (!workload.phone) return undefined
  const { origin } = new URL(modelUrl)
  const { sttUrl = origin, ttsUrl = origin, carrierUrl = origin, authToken } = voice ?? {}
  const signed = authToken ?? workload.target?.twilio?.authToken
  return VoiceAgent.open(workload, turns, {
    sttUrl,
    ttsUrl,
    carrierUrl,
    apiKey,
    ...(signed === undefined ? {} : { authToken: signed }),
    speed,
    wait,
    alarm,
  })
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
    subagents: subagentSettings(workload),
    steps: agent.limits.steps,
    retries: agent.retries,
    ...(agent.breakers ? { breakers: agent.breakers } : {}),
    ...voiceSettings(workload, speed),
    ...(agent.limits.callMs === undefined ? {} : { callMs: agent.limits.callMs }),
    ...(agent.limits.toolMs === undefined ? {} : { toolMs: agent.limits.toolMs }),
    cpuPerCallMs: agent.overhead.cpuPerCallMs,
    cpuPerTokenMs: agent.overhead.cpuPerTokenMs,
  }
}

function voiceSettings(workload: Workload, speed: number): Pick<WorkerSettings, 'voice'> {
  if (!workload.phone) return {}
  const breakers = breakersOf(workload, speed)
  const { fallbacks } = (workload.agent.voice ?? voiceAgentOf()).strategies
  return { voice: { ...(breakers ? { breakers } : {}), partialAnswers: fallbacks } }
}

async function listen(server: Server, { host, port }: AgentOptions): Promise<void> {
  server.listen(port, host)
  await once(server, 'listening')
}

const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)
