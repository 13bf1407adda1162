import { afterEach, describe, expect, test } from 'vitest'
import { startAgent } from '../src/agent/start-agent.ts'
import { learnedFile } from '../src/fit/learned-file.ts'
import { learnWorkload } from '../src/fit/learn-workload.ts'
import { readRecording } from '../src/fit/read-recording.ts'
import { playTurns } from '../src/load/play-turns.ts'
import { type PassThroughOptions, startPassThrough } from '../src/provider/pass-through.ts'
import { type ProviderOptions, startProvider } from '../src/provider/start-provider.ts'
import { type Recording, recordingOf, type SeenCall, type SeenTool } from '../src/result/recording.ts'
import type { Distribution } from '../src/stats/distribution.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { starterFile } from '../src/workload/starter-file.ts'
import type { Workload } from '../src/workload/workload.ts'
import { openPassThrough } from './pass-through.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

// What the second provider plays is the truth that the first one has to find.
const truth = workloadOf(`
name: the real one
target: { url: "http://127.0.0.1:1", driver: sessions }
users: { think: 1s, turns: 5 }
scenarios:
  - name: orders
    say: ["where is my order?", "and the other one?"]
    depth: { 1: 40%, 2: 35%, 4: 25% }
    tools: [orders]
agent: { workers: 1, concurrency: 5, overhead: { prompt: 10ms, state: 6ms } }
model:
  id: gpt-4.1-mini
  tokenizer: characters
  input: { system: 400, message: 30, toolResult: 25, history: window(4) }
  output: lognormal(mean 30 cv 0.5)
  maxTokens: 400
  cached: 40%
  ttft: lognormal(p50 15ms p95 30ms)
  perToken: 500us
  tokensPerChunk: 4
tools: { orders: { latency: 8ms, fanOut: 2, capacity: 20 } }
`)

const price = { inputPerMillionUsd: 0.4, cachedPerMillionUsd: 0.1, outputPerMillionUsd: 1.6, source: 'test' }
const key = 'sk-secret-of-the-caller'

interface Played {
  readonly recording: Recording
  readonly spentUsd: number
  readonly held: readonly string[]
}

/** The reference agent between one user and the pass-through, behind which a provider plays the real one. */
async function play(
  turns: number,
  changes: Partial<PassThroughOptions> = {},
  playing: ProviderOptions = { seed: 11, runId: 'real' },
): Promise<Played> {
  const real = await startProvider(truth, playing)
  closing.push(() => real.close())
  const calls: SeenCall[] = []
  const tools: SeenTool[] = []
  const held: string[] = []
  const stop = new AbortController()
  const through = await startPassThrough({
    through: `${real.url}/v1`,
    tools: real.url,
    maxSpendUsd: 5,
    priceOf: () => price,
    sawCall: (call) => calls.push(call),
    sawTool: (tool) => tools.push(tool),
    held: (reason) => {
      held.push(reason)
      stop.abort()
    },
    ...changes,
  })
  closing.push(() => through.close())
  const urls = { modelUrl: `${through.url}/v1`, toolsUrl: through.url }
  const agent = await startAgent(truth, { host: '127.0.0.1', port: 0, ...urls, apiKey: key })
  closing.push(() => agent.close())
  const records = await playTurns(
    truth,
    {
      target: agent.url,
      driver: 'sessions',
      seed: 7,
      turns,
      allowTargets: [],
      turnTimeoutMs: 10_000,
      settled: () => through.idle(),
      ended: () => {},
    },
    stop.signal,
  )
  const turnsSeen = records.map((record) => ({ ...record, completed: record.outcome === 'completed' }))
  return { recording: recordingOf(turnsSeen, calls, tools), spentUsd: through.spentUsd, held }
}

function learnedOf(recording: Recording): Workload {
  const base = {
    name: 'learned',
    starter: starterFile('customer-support'),
    target: { url: 'http://127.0.0.1:1', driver: 'sessions' },
    say: ['hello'],
    learnedFrom: 'a test',
  }
  return workloadOf(learnedFile(base, learnWorkload(recording)))
}

/**
 * Four standard errors of the mean of `count` draws: a right program misses one such band in 15,000 seeds. Times are
 * also held up by the machine: `slackMs` is what the timers, sockets and processes between may add to one.
 */
function expectMean(learned: Distribution, real: Distribution, count: number, slackMs = 0): void {
  const band = 4 * Math.sqrt(real.variance / count)
  expect(learned.mean).toBeGreaterThan(real.mean - band - slackMs / 4)
  expect(learned.mean).toBeLessThan(real.mean + band + slackMs)
}

describe('what is learned through is what the provider behind plays', () => {
  // What the machine holds up is tried again; what is learned wrongly is so each time.
  test('depth, fan-out, tokens and times, each marked measured', { retry: 2 }, async () => {
    const { recording, spentUsd } = await play(40)
    expect(recording.turns).toHaveLength(40)
    expect(recording.unjoined).toBe(0)
    const calls = recording.turns.flatMap((turn) => turn.calls)
    const learned = learnedOf(recording)
    const [scenario, model, tool] = [learned.scenarios[0]!, learned.models[0]!, learned.tools[0]!]
    const [real, realTool] = [truth.models[0]!, truth.tools[0]!]
    expectMean(scenario.depth, truth.scenarios[0]!.depth, 40)
    expectMean(model.output, real.output, calls.length)
    expect(model.input.system.mean).toBeCloseTo(400, -1)
    expect(model.input.message.mean).toBeCloseTo(30, 0)
    expect(model.input.toolResult.mean).toBeCloseTo(25, 0)
    expect(model.input.historyMessages).toBe(4)
    expect(model.cached).toBeCloseTo(real.cached, 2)
    expect(model.maxTokens).toBe(400)
    expect(model.tokensPerChunk.mean).toBe(4)
    expectMean(model.ttft, real.ttft, calls.length, 25)
    expect(model.perToken.mean).toBeGreaterThan(0.3)
    expect(model.perToken.mean).toBeLessThan(0.9)
    expect(tool.name).toBe('orders')
    expect(tool.fanOut.mean).toBe(2)
    expectMean(tool.latency, realTool.latency, 1, 25)
    expectMean(learned.agent.overhead.promptMs, truth.agent.overhead.promptMs, 1, 25)
    expectMean(learned.agent.overhead.stateMs, truth.agent.overhead.stateMs, 1, 25)
    for (const path of ['scenarios.learned.depth', 'model.output', 'model.ttft', 'agent.overhead.prompt'])
      expect(learned.origins.get(path)).toBe('measured')
    expect(learned.origins.get('users.think')).toBe('guessed')
    const paid = calls.reduce(
      (sum, call) =>
        sum +
        (call.inputTokens - call.cachedTokens) * 0.4e-6 +
        call.cachedTokens * 0.1e-6 +
        call.outputTokens * 1.6e-6,
      0,
    )
    expect(spentUsd).toBeCloseTo(paid, 9)
  })

  test('the tokens of every call are those of its usage, and its steps those of its turn', async () => {
    const { recording } = await play(6)
    for (const { calls, tools } of recording.turns) {
      for (const call of calls) {
        expect(call.usageTold).toBe(true)
        expect(call.inputTokens).toBe(Math.ceil(call.sizes.whole / 4))
        expect(call.firstTokenAtMs).toBeGreaterThan(call.sentAtMs)
        expect(call.endedAtMs).toBeGreaterThanOrEqual(call.lastTokenAtMs)
      }
      expect([1, 2, 4]).toContain(calls.length)
      expect(tools).toHaveLength(2 * (calls.length - 1))
    }
  })
})

test('a provider that replays a recording plays its turns again', async () => {
  const { recording: first } = await play(6)
  const written = readRecording(JSON.stringify(first))
  if (typeof written === 'string') throw new Error(written)
  // Where two calls of tools are told in one piece, it is two events: only pieces of text are as many again.
  const shape = ({ turns }: Recording) =>
    turns.map(({ calls }) =>
      calls.map(({ outputTokens, asks, chunks }) => ({
        outputTokens,
        asked: asks.map(({ name }) => name),
        chunks: asks.length > 0 ? undefined : chunks,
      })),
    )
  const { recording: again } = await play(6, {}, { seed: 99, runId: 'again', recording: written })
  expect(shape(again)).toEqual(shape(first))
  const drawn = await play(6, {}, { seed: 99, runId: 'drawn' })
  expect(shape(drawn.recording)).not.toEqual(shape(first))
})

test.each([
  ['', 'it is no JSON'],
  ['{}', 'format'],
  ['{"format":1,"turns":[],"unjoined":0}', 'turns'],
])('what is no recording is said: %s', (text, words) => {
  expect(readRecording(text)).toContain(words)
})

describe('what may not happen', () => {
  test('no key and no text is in what was seen, unless text is asked for', async () => {
    const { recording } = await play(2)
    const whole = JSON.stringify(recording)
    expect(whole).not.toContain(key)
    expect(whole).not.toContain('where is my order')
    const { recording: kept } = await play(2, { keepText: true })
    expect(JSON.stringify(kept)).not.toContain(key)
    expect(kept.turns[0]!.calls[0]!.text!.request).toContain('where is my order')
    expect(kept.turns[0]!.calls.at(-1)!.text!.answer).not.toBe('')
  })

  test('no more is spent than may be, and what came before still counts', async () => {
    const maxSpendUsd = 0.003
    const { recording, spentUsd, held } = await play(40, { maxSpendUsd })
    expect(held).toHaveLength(1)
    expect(spentUsd).toBeGreaterThan(maxSpendUsd / 3)
    expect(spentUsd).toBeLessThanOrEqual(maxSpendUsd)
    expect(recording.turns.at(-1)!.completed).toBe(false)
    expect(learnedOf(recording).models[0]!.maxTokens).toBe(400)
  })

  test('a model without a price is not asked, in the words of its API', async () => {
    const held: string[] = []
    const through = await openPassThrough('http://127.0.0.1:1', {
      priceOf: () => undefined,
      held: (reason) => held.push(reason),
    })
    const body = JSON.stringify({ model: 'unheard-of', messages: [{ role: 'user', content: 'hi' }] })
    const ask = (path: string, headers = {}): Promise<Response> =>
      fetch(through.url + path, { method: 'POST', body, headers })
    const openAi = await ask('/v1/chat/completions')
    expect(openAi.status).toBe(429)
    expect(openAi.headers.get('x-should-retry')).toBe('false')
    expect(await openAi.json()).toMatchObject({ error: { code: 'insufficient_quota' } })
    const anthropic = await ask('/v1/messages', { 'anthropic-version': '2023-06-01' })
    expect(await anthropic.json()).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } })
    expect(held[0]).toContain('unheard-of')
    // What cannot be counted is not passed on at all.
    expect((await ask('/v1/images/generations')).status).toBe(404)
    expect((await ask('/v1/batches')).status).toBe(404)
  })
})

function workloadOf(text: string): Workload {
  const { workload, problems } = parseWorkload(text)
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}
