import { constant } from '../stats/distributions.ts'
import type { WorkloadFile } from './file-schema.ts'
import { voiceAgentOf } from './voice-agent-schema.ts'
import type { Agent } from './workload.ts'

const zero = constant(0, '0')

type AgentSection = NonNullable<WorkloadFile['agent']>

/** The agent as engines read it: what the file does not write costs nothing and has no limit. */
export function agentOf({ agent = {} }: WorkloadFile): Agent {
  const { server, overhead = {}, limits = {}, retries = {} } = agent
  return {
    ...(server
      ? {
          server: {
            ...(server.cpu === undefined ? {} : { cpu: server.cpu }),
            ...(server.memory === undefined ? {} : { memoryBytes: server.memory }),
            ...(server.perMonth === undefined ? {} : { perMonthUsd: server.perMonth }),
          },
        }
      : {}),
    workers: agent.workers ?? Infinity,
    concurrency: agent.concurrency ?? Infinity,
    queue: agent.queue ?? Infinity,
    overhead: {
      promptMs: overhead.prompt ?? zero,
      stateMs: overhead.state ?? zero,
      cpuPerCallMs: overhead.cpuPerCall ?? 0,
      cpuPerTokenMs: overhead.cpuPerToken ?? 0,
    },
    limits: {
      turnMs: limits.turn ?? Infinity,
      steps: limits.steps ?? Infinity,
      ...(limits.call === undefined ? {} : { callMs: limits.call }),
      ...(limits.tool === undefined ? {} : { toolMs: limits.tool }),
    },
    retries: {
      attempts: retries.attempts ?? 0,
      backoffMs: retries.backoff ?? 0,
      honourRetryAfter: retries.honourRetryAfter ?? false,
      ...(retries.jitter === undefined ? {} : { jitter: retries.jitter }),
    },
    ...underStress(agent),
    ...fleetOf(agent),
    ...(agent.voice ? { voice: voiceAgentOf(agent.voice) } : {}),
  }
}

type UnderStress = Pick<Agent, 'connections' | 'state' | 'admission' | 'breakers' | 'degrade'>

function underStress({ connections, state, admission, breakers, degrade }: AgentSection): UnderStress {
  return {
    ...(connections
      ? { connections: { model: connections.model ?? Infinity, tools: connections.tools ?? Infinity } }
      : {}),
    ...(state
      ? {
          state: {
            latency: state.latency ?? zero,
            capacity: state.capacity ?? Infinity,
            failure: state.failure ?? 0,
          },
        }
      : {}),
    ...(admission
      ? { admission: { order: admission.order ?? 'fifo', shed: admission.shed ?? 'newest' } }
      : {}),
    ...(breakers
      ? { breakers: { failures: breakers.failures, calls: breakers.calls, openForMs: breakers.openFor } }
      : {}),
    ...(degrade ? { degrade: degrade.map((rule) => ({ ...rule, below: rule.below ?? Infinity })) } : {}),
  }
}

function fleetOf({ servers, scale, failures }: AgentSection): Pick<Agent, 'servers' | 'scale' | 'failures'> {
  return {
    ...(servers === undefined ? {} : { servers }),
    ...(scale
      ? {
          scale: {
            from: scale.from,
            to: scale.to,
            startupMs: scale.startup ?? 0,
            above: scale.above,
            below: scale.below,
            everyMs: scale.every,
          },
        }
      : {}),
    ...(failures ? { failures: { every: failures.every, down: failures.down } } : {}),
  }
}
