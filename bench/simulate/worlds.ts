import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseWorkload } from '../../src/workload/parse-workload.ts'
import type { Level } from '../../src/workload/level.ts'
import type { Workload } from '../../src/workload/workload.ts'

/** A user thinks 30 s, five repairmen take 3 s each, one shared queue; in the words of the file. */
const repairman = read(`
name: machine repairman
users: { think: exponential(mean 30s) }
agent: { workers: 5, concurrency: 1 }
model: { ttft: exponential(mean 3s) }
`)

/** Calls share an engine whose step takes longer the more of them there are. */
const engine = read(`
name: inference engine
users: { think: exponential(mean 30s) }
model:
  output: exponential(mean 300)
  engine: { step: 20ms, decode: 1ms, slots: 64 }
`)

/** An engine whose KV cache is full before its slots are: calls wait for room, or make room and read again. */
const cache = read(`
name: KV cache
users: { think: exponential(mean 30s) }
model:
  input: { system: 500, message: lognormal(mean 300 cv 0.5) }
  output: exponential(mean 300)
  engine: { step: 20ms, decode: 1ms, prefill: 0.02ms, slots: 64, kv: 10k }
`)

/** Turns of eight steps with tools, retries, patience and quota; the agent and the quota grow with the users. */
export function fleet(users: number): Workload {
  return read(`
name: fleet of ${users} users
users: { think: lognormal(mean 45s cv 0.8), turns: geometric(mean 5), patience: 180s }
scenarios: [{ name: research, depth: 8, tools: [search, read] }]
agent:
  workers: ${Math.ceil(users / 100)}
  concurrency: 50
  overhead: { prompt: 80ms, state: 20ms, cpuPerCall: 2ms }
  limits: { turn: 300s, steps: 20 }
  retries: { attempts: 3, backoff: 500ms, honourRetryAfter: true }
model:
  input: { system: 1000, message: 40, toolResult: 300, history: window(6) }
  output: lognormal(mean 120 cv 0.6)
  maxTokens: 400
  ttft: lognormal(p50 450ms p95 1.2s)
  perToken: 10ms
  quota: { rpm: ${users * 8}, tpm: ${users * 40_000} }
tools:
  search: { latency: lognormal(mean 180ms cv 1), failure: 0.5% }
  read: { latency: lognormal(mean 400ms cv 1), fanOut: 2, capacity: ${Math.ceil(users / 10)} }
objectives: [turn p95 < 60s, errors < 1%]
`)
}

/** Output is charged while it is made, and there is half of what users ask for: calls are refused, most answers cut. */
function liveOutput(users: number): Workload {
  return read(`
name: live output
users: { think: exponential(mean 10s) }
model:
  id: claude-sonnet-5
  input: { system: 100 }
  output: lognormal(mean 1200 cv 0.5)
  maxTokens: 2400
  ttft: lognormal(mean 500ms cv 0.5)
  perToken: lognormal(mean 10ms cv 0.1)
  quota: { like: bedrock-mantle, itpm: 100M, otpm: ${users * 1600} }
`)
}

/** Callers who interrupt, lose heart or want a person; a carrier that keeps calls in line, a hold line, sound that costs CPU. */
function telephone(perMinute: number): Workload {
  return read(`
name: telephone
phone:
  calls: ${perMinute}/min
  duration: lognormal(mean 1m cv 0.7)
  blocked: 1%
  turns: 6/min
  carrier: { concurrent: ${Math.ceil(perMinute * 1.3)}, callsPerSecond: ${perMinute / 55}, over: queued, maxDuration: 5m }
  vendors: { tts: { concurrent: ${perMinute}, held: 40% } }
  mouthToEar: { within: 1.4s, stt: lognormal(mean 300ms cv 0.3), tts: lognormal(mean 100ms cv 0.4) }
  caller: { patience: lognormal(mean 10s cv 0.6), interrupts: 10%, silent: 3%, human: 2% }
  handOff: { share: 8%, talk: 4m, within: 20s, answered: 80% }
agent:
  workers: ${Math.ceil(perMinute / 75)}
  concurrency: 50
  overhead: { cpuPerCall: 5ms }
  voice: { calls: ${perMinute}, hold: { calls: 50, for: 10s }, cpuPerSecond: 2ms }
model: { output: lognormal(mean 30 cv 0.6), maxTokens: 120, ttft: lognormal(mean 400ms cv 0.5), perToken: 8ms }
`)
}

/** What a world's number of users means: of calls by telephone, how many come in a minute. */
export function levelOf({ phone }: Workload, users: number): Level {
  return phone ? { sessionsPerSecond: users / 60 } : { users }
}

const example = fileURLToPath(new URL('../../examples/customer-support.yaml', import.meta.url))

/** By name, for so many users. */
export const worlds: Readonly<Record<string, (users: number) => Workload>> = {
  'machine repairman': () => repairman,
  'inference engine': () => engine,
  'KV cache': () => cache,
  'customer support': () => read(readFileSync(example, 'utf8'), example),
  'fleet, depth 8': fleet,
  'live output': liveOutput,
  telephone,
}

function read(text: string, file = 'bench.yaml'): Workload {
  const { workload, problems } = parseWorkload(text, { file })
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}
