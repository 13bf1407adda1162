import type { Workload } from '../workload/workload.ts'
import { metrics } from '../workload/metrics.ts'
import { isSolvable } from './planned-workload.ts'

/** What the file says of the agent and the algebra does not follow: one sentence each, for whoever reads its answer. */
export function leavesOut({ agent, models, objectives, phone, scenarios, tools }: Workload): string[] {
  const { admission, breakers, connections, degrade, failures, limits, scale, state } = agent
  const rules: [written: boolean, sentence: string][] = [
    [breakers !== undefined, 'agent.breakers: plan takes every call as let through'],
    [
      models.some(({ fallback }) => fallback),
      'model.fallback: plan sends every call to its own model, and one refused is lost',
    ],
    [
      scenarios.some(({ routes }) => routes),
      'scenario.model: plan sends every turn to the first of the models',
    ],
    [limits.callMs !== undefined, 'agent.limits.call: plan lets model calls take as long as they take'],
    [limits.toolMs !== undefined, 'agent.limits.tool: plan lets tool calls take as long as they take'],
    [connections !== undefined, 'agent.connections: plan takes a connection as always free'],
    [
      state !== undefined && (state.capacity < Infinity || state.failure > 0),
      'agent.state: plan knows its latency, not its capacity and its failures',
    ],
    [admission !== undefined, 'agent.admission: plan serves the line first come, first served'],
    [degrade !== undefined, 'agent.degrade: plan gives every turn its whole loop'],
    [
      scale !== undefined,
      `agent.scale: plan solves the fleet at its largest, ${scale?.to} servers that are always there`,
    ],
    [failures !== undefined, 'agent.failures: plan takes the servers as always up'],
    [
      tools.some(({ subagent }) => subagent),
      'tools.subagent: plan counts its calls, tokens, CPU and tools, and lets its loop take as long as when nothing queues',
    ],
  ]
  const unknown = objectives.filter((objective) => !isSolvable(objective))
  // Of conversations in writing, only what an agent really says tells how they ended.
  const isPlayed = unknown.every(({ metric }) => {
    const { from, per } = metrics[metric]
    return from === 'played' && (per !== 'call' || phone?.alone)
  })
  const texts = unknown.map(({ text }) => text).join(', ')
  return [
    ...rules.flatMap(([written, sentence]) => (written ? [`${sentence}; simulate follows it.`] : [])),
    ...(unknown.length > 0
      ? [`objectives: no formula tells ${texts}; ${isPlayed ? 'simulate and load do' : 'load does'}.`]
      : []),
  ]
}
