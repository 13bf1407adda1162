import { constant, exponential } from '../stats/distributions.ts'
import type { Agent, Model, Scenario, Workload } from '../workload/workload.ts'

/** Parts of a workload that a test sets; the rest is the machine repairman: 5 synchronous workers, 3 s, 30 s. */
export interface FixtureParts extends Partial<Omit<Workload, 'agent' | 'models' | 'scenarios'>> {
  readonly agent?: Partial<Agent>
  readonly model?: Partial<Model>
  readonly scenario?: Partial<Scenario>
}

/** A workload for tests of this room. */
export function fixtureWorkload({ agent, model, scenario, ...rest }: FixtureParts = {}): Workload {
  const think = rest.users?.think ?? exponential(30_000, 'exponential(mean 30s)')
  const input = { system: constant(0), message: constant(0), toolResult: constant(0), historyMessages: 0 }
  return {
    name: 'fixture',
    hash: '0123456789abcdef',
    users: { think, peak: {} },
    scenarios: [
      {
        name: 'only',
        share: 1,
        say: ['hello'],
        turns: constant(1),
        think,
        depth: constant(1),
        tools: [],
        model: 0,
        input,
        output: model?.output ?? constant(1),
        ...scenario,
      },
    ],
    agent: {
      workers: 5,
      concurrency: 1,
      queue: Infinity,
      overhead: { promptMs: constant(0), stateMs: constant(0), cpuPerCallMs: 0, cpuPerTokenMs: 0 },
      limits: { turnMs: Infinity, steps: Infinity },
      retries: { attempts: 0, backoffMs: 0, honourRetryAfter: true },
      ...agent,
    },
    models: [
      {
        key: 'model',
        id: 'fixture',
        input: scenario?.input ?? input,
        output: constant(1),
        cached: 0,
        ttft: exponential(3000, 'exponential(mean 3s)'),
        perToken: constant(0),
        tokensPerChunk: constant(1),
        tokenizer: 'characters',
        ...model,
      },
    ],
    tools: [],
    objectives: [
      {
        text: 'turn p95 < 12s',
        metric: 'turn',
        statistic: { kind: 'percentile', share: 0.95 },
        limit: 12_000,
      },
    ],
    origins: new Map(),
    ...rest,
  }
}
