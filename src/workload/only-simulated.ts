import type { Workload } from './workload.ts'

/** Fields that the simulator follows and the reference agent does not enact, in one sentence; none where all are. */
export function onlySimulated({ agent, tools, phone }: Workload): string[] {
  const { breakers, connections, degrade, failures, scale, servers, state } = agent
  const fields: [written: boolean, name: string][] = [
    [connections !== undefined, 'agent.connections'],
    [
      state !== undefined && (state.capacity < Infinity || state.failure > 0),
      'agent.state beyond its latency',
    ],
    [breakers !== undefined && tools.length > 0 && !phone, 'agent.breakers of tools'],
    [degrade !== undefined, 'agent.degrade'],
    [(servers ?? 1) > 1, 'agent.servers'],
    [scale !== undefined, 'agent.scale'],
    [failures !== undefined, 'agent.failures'],
  ]
  const names = fields.flatMap(([written, name]) => (written ? [name] : []))
  if (names.length === 0) return []
  return [
    `only simulated: ${names.join(', ')}. The reference agent does not enact them, and another decides for itself.`,
  ]
}
