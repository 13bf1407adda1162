import { describe, expect, test } from 'vitest'
import { read, told } from './fixture-read.ts'

const two = 'models: { main: { }, backup: { } }\n'

describe('what goes together', () => {
  test.each([
    ['agent: { workers: 2, overhead: { state: 20ms }, state: { latency: 20ms } }', 'exclude each other'],
    [
      'agent: { workers: 2, concurrency: 1, servers: 2, scale: { from: 1, to: 2, above: 70%, below: 30%, every: 15s } }',
      'agent.scale and agent.servers exclude each other',
    ],
    ['agent: { connections: { model: 5 } }', 'agent.connections: needs agent.workers'],
    ['agent: { workers: 2, degrade: [{ above: 80%, steps: 2 }] }', 'agent.degrade: needs agent.concurrency'],
    [
      'agent: { workers: 2, concurrency: 2, scale: { from: 3, to: 2, above: 70%, below: 30%, every: 15s } }',
      'agent.scale.to: 2 is fewer than from',
    ],
    [
      'agent: { workers: 2, concurrency: 2, scale: { from: 1, to: 2, above: 30%, below: 70%, every: 15s } }',
      'agent.scale.below: is not below above',
    ],
    ['agent: { failures: { every: 1h, down: 60s } }', 'agent.failures: needs agent.workers'],
    ['agent: { breakers: { failures: 0%, calls: 20, openFor: 30s } }', '0 is not above 0'],
    ['model: { fallback: { to: backup } }', 'model.fallback: there is only one model'],
    ['models: { main: { fallback: { to: bakcup } }, backup: { } }', 'there is no model bakcup'],
    [
      'models: { main: { fallback: { to: backup } }, backup: { fallback: { to: main } } }',
      'the fallbacks lead back to this model',
    ],
    [`${two}scenarios: [{ model: { main: 70%, backup: 20% } }]`, 'the shares add up to 90 %'],
    [`${two}scenarios: [{ model: { main: 70%, other: 30% } }]`, 'there is no model other'],
    [
      'tools: { helper: { latency: 1s, subagent: { depth: 2 } } }',
      'tools.helper.latency: subagent and latency exclude each other',
    ],
    [
      'tools: { a: { subagent: { tools: [b] } }, b: { subagent: { tools: [a] } } }',
      'tools.a.subagent.tools: the sub-agent calls itself',
    ],
    ['tools: { a: { subagent: { tools: [c] } } }', 'tools.a.subagent.tools[0]: there is no tool c'],
    ['tools: { a: { subagent: { model: other } } }', 'tools.a.subagent.model: there is no model other'],
    ['agent: { limits: { turn: 10s, call: 20s } }', 'limits.turn ends the turn before it'],
    ['agent: { admission: { shed: newest } }', 'nothing is shed without agent.queue'],
    ['scenarios: [{ priority: 1 }]', 'no rule of the agent asks for it'],
    ['agent: { admission: { order: priority } }', 'no scenario has a priority'],
  ])('%s: %s', (source, message) => {
    expect(told(source)).toContain(message)
  })
})

test('a file that says all of it, resolved', () => {
  const { agent, models, scenarios, tools } = read(`
models:
  main: { output: 100, fallback: { to: backup, when: overQuota } }
  backup: { output: 100 }
scenarios:
  - { name: urgent, priority: 2, model: { main: 70%, backup: 30% }, depth: 3, tools: [research] }
agent:
  workers: 2
  concurrency: 4
  queue: 10
  connections: { model: 50, tools: 20 }
  state: { latency: 5ms, capacity: 10, failure: 1% }
  admission: { order: priority, shed: lowest }
  breakers: { failures: 50%, calls: 20, openFor: 30s }
  limits: { call: 20s, tool: 5s }
  retries: { attempts: 2, backoff: 1s, jitter: 50% }
  degrade: [{ above: 80%, steps: 2, below: 1 }]
  scale: { from: 2, to: 10, startup: 45s, above: 70%, below: 30%, every: 15s }
  failures: { every: exponential(mean 6h), down: 60s }
tools:
  research: { fanOut: 2, subagent: { depth: 2, model: backup, tools: [search] } }
  search: { latency: 200ms }
`)
  expect(agent).toMatchObject({
    connections: { model: 50, tools: 20 },
    admission: { order: 'priority', shed: 'lowest' },
    breakers: { failures: 0.5, calls: 20, openForMs: 30_000 },
    limits: { callMs: 20_000, toolMs: 5000 },
    retries: { attempts: 2, backoffMs: 1000, jitter: 0.5 },
    degrade: [{ above: 0.8, steps: 2, below: 1 }],
    scale: { from: 2, to: 10, startupMs: 45_000, above: 0.7, below: 0.3, everyMs: 15_000 },
  })
  expect(agent.state).toMatchObject({ capacity: 10, failure: 0.01 })
  expect(agent.failures!.every.mean).toBe(6 * 3_600_000)
  expect(models[0]!.fallback).toEqual({ to: 1, when: 'overQuota' })
  expect(scenarios[0]).toMatchObject({
    priority: 2,
    model: 0,
    routes: [
      { model: 0, share: 0.7 },
      { model: 1, share: 0.3 },
    ],
  })
  expect(tools[0]!.subagent).toMatchObject({ model: 1, tools: [1] })
  expect(tools[0]!.subagent!.depth.mean).toBe(2)
})
