import { expect, test } from 'vitest'
import { read } from './fixture-read.ts'
import { onlySimulated } from './only-simulated.ts'

test('what the reference agent enacts is not told, what it does not is', () => {
  const enacted = `
scenarios: [{ priority: 1, model: { main: 50%, backup: 50% } }]
models: { main: { fallback: { to: backup } }, backup: { } }
agent:
  workers: 1
  concurrency: 1
  queue: 3
  breakers: { failures: 50%, calls: 5, openFor: 1s }
  limits: { call: 1s, tool: 1s }
  admission: { order: priority, shed: lowest }
  state: { latency: 5ms }
`
  expect(onlySimulated(read(enacted))).toEqual([])
  const all = `${enacted}  degrade: [{ above: 50%, steps: 1 }]
  connections: { model: 1 }
  servers: 2
  failures: { every: 1h, down: 1m }
tools: { helper: { failure: 1%, subagent: { } } }
`
  expect(onlySimulated(read(all))).toEqual([
    'only simulated: agent.connections, agent.breakers of tools, agent.degrade, agent.servers, agent.failures. The reference agent does not enact them, and another decides for itself.',
  ])
})
