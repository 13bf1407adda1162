import { constant, exponential } from '../stats/distributions.ts'
import type { Agent, Model, Scenario, Tool, Users, Workload } from '../workload/workload.ts'

const never = constant(0)

/** What a fixture says of a workload; the rest costs nothing and has no limit. */
export interface Fixture {
  readonly users?: Partial<Users>
  readonly scenario?: Partial<Scenario>
  readonly agent?: Partial<Omit<Agent, 'overhead'>> & { readonly overhead?: Partial<Agent['overhead']> }
  readonly model?: Partial<Model>
  readonly tools?: readonly Partial<Tool>[]
}

/** A workload of one scenario and one model, for tests and benchmarks. */
export function fixtureWorkload({ users, scenario, agent, model, tools = [] }: Fixture): Workload {
  const think = users?.think ?? exponential(30_000)
  const input = { system: never, message: never, toolResult: never, historyMessages: 0 }
  const output = constant(1)
  return {
    name: 'fixture',
    hash: 'fixture',
    users: { think, peak: {}, ...users },
    scenarios: [
      {
        name: 'only',
        share: 1,
        say: ['hello'],
        turns: constant(1),
        think,
        depth: constant(1),
        tools: tools.map((_, i) => i),
        model: 0,
        input,
        output: model?.output ?? output,
        ...scenario,
      },
    ],
    agent: {
      workers: Infinity,
      concurrency: Infinity,
      queue: Infinity,
      limits: { turnMs: Infinity, steps: Infinity },
      retries: { attempts: 0, backoffMs: 0, honourRetryAfter: false },
      ...agent,
      overhead: { promptMs: never, stateMs: never, cpuPerCallMs: 0, cpuPerTokenMs: 0, ...agent?.overhead },
    },
    models: [
      {
        key: 'model',
        id: 'model',
        input,
        output,
        cached: 0,
        ttft: never,
        perToken: never,
        tokensPerChunk: constant(1),
        tokenizer: 'characters',
        ...model,
      },
    ],
    tools: tools.map((tool, i) => ({
      name: `tool ${i}`,
      latency: never,
      capacity: Infinity,
      failure: 0,
      fanOut: constant(1),
      arguments: {},
      ...tool,
    })),
    objectives: [],
    origins: new Map(),
  }
}

/** The machine repairman: N users think 30 s, five repairmen take 3 s each, one shared queue. */
export const repairman = fixtureWorkload({
  agent: { workers: 5, concurrency: 1 },
  model: { ttft: exponential(3000) },
})
