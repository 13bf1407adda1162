import type { Level } from '../../workload/level.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Capacity, ProbeResult } from '../capacity.ts'
import type { InputCount } from '../run.ts'
import type { ServiceUse, Summary } from '../summary.ts'
import { verdict } from '../verdict.ts'

// What the tests of the verdict share: a small file, trials, and a measured capacity of 147 users.

export interface FileParts {
  readonly peak?: string
  readonly server?: string
  readonly objectives?: string
}

export function workloadOf(parts: FileParts = {}): Workload {
  const {
    peak = '{ concurrencyRatio: 3%, peakToAverage: 2 }',
    server = '{ perMonth: $350 }',
    objectives = 'turn p95 < 10s, ttft mean < 900ms, errors < 1%, "[faq] turn p99 < 20s"',
  } = parts
  const { workload, problems } = parseWorkload(`
name: customer support
users: { think: exponential(mean 30s), peak: ${peak} }
scenarios: [{ name: faq, depth: 1 }]
agent: { server: ${server}, workers: 5, concurrency: 1 }
model: { ttft: exponential(mean 3s), perToken: 0ms }
objectives: [${objectives}]
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

export const quota: ServiceUse = {
  name: 'model quota, tokens',
  utilisation: 1,
  limit: 450_000,
  unit: 'tokens/min',
  binding: true,
}
export const slots: ServiceUse = {
  name: 'agent slots',
  utilisation: 0.95,
  limit: 5,
  unit: 'turns',
  binding: true,
}

type ProbeParts = Partial<Omit<ProbeResult, 'summary'>> & { readonly summary?: Partial<Summary> }

export function probe(level: Level, { summary, ...parts }: ProbeParts = {}): ProbeResult {
  return {
    level,
    pass: true,
    summary: {
      format: 1,
      runId: 'a',
      version: '0',
      origin: 'measured',
      workload: { name: 'customer support', hash: 'h' },
      speed: 1,
      level,
      turns: { perSecond: 1 },
      latency: {},
      objectives: [],
      ...summary,
    },
    ...parts,
  }
}

/** Parts of a capacity; `undefined` takes one away. */
export type CapacityParts = { readonly [Key in keyof Capacity]?: Capacity[Key] | undefined }

export function capacityOf(parts: CapacityParts = {}): Capacity {
  const whole: CapacityParts = {
    origin: 'measured',
    level: { users: 147 },
    low: 141.3,
    high: 151.2,
    covers: '95 % of samples',
    runAt: 110,
    brokenBy: 'turn p95 < 10s',
    bottleneck: { service: quota.name, limit: quota.limit, unit: quota.unit },
    probes: [],
    ...parts,
  }
  return Object.fromEntries(
    Object.entries(whole).filter(([, value]) => value !== undefined),
  ) as unknown as Capacity
}

export const inputs: InputCount = { given: 2, preset: 3, measured: 5, guessed: 6 }

export interface Asked {
  readonly workload?: Workload
  readonly capacities?: readonly Capacity[]
  readonly inputs?: InputCount
}

/** The line with this label; the empty one is the headline. */
export function line(label: string, parts: CapacityParts = {}, asked: Asked = {}): string | undefined {
  const capacity = capacityOf(parts)
  const lines = verdict({ workload: workloadOf(), capacity, capacities: [capacity], inputs, ...asked })
  return lines.find((each) => each.label === label)?.text
}
