// A whole run of calls: the carrier of a provider, a voice server, callers with real speech, and what is told of them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type FixtureVoiceServer,
  startFixtureVoice,
} from '../src/load/drivers/twilio/fixture-voice-server.ts'
import { runLoad } from '../src/load/run-load.ts'
import type { LoadResult } from '../src/load/run-load.ts'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import type { PhoneRecord } from '../src/result/phone-records.ts'
import type { TurnRecord } from '../src/result/records.ts'
import { dialTwiml } from '../src/wire/twiml.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const { workload } = parseWorkload(`
phone:
  calls: 120/min
  duration: 1s
  blocked: 1%
  carrier: { concurrent: 3, maxDuration: 6s }
model: { output: 5 }
objectives: [response p95 < 5s, blocked < 90%, completed > 1%]
`)

let provider: Provider
let server: FixtureVoiceServer
let result: LoadResult
const calls: PhoneRecord[] = []
const turns: TurnRecord[] = []

beforeAll(async () => {
  provider = await startProvider(workload!, { seed: 1, runId: 'voice' })
  let taken = 0
  server = await startFixtureVoice({
    answerMs: 300,
    // The first call is handed to a person by REST, the second is never answered: the carrier ends it.
    misbehaves: (_, streamSid) => {
      const call = taken++
      const url = `${provider.url}/2010-04-01/Accounts/AC${'0'.repeat(32)}/Calls/CA${streamSid.slice(2)}.json`
      const body = new URLSearchParams({ Twiml: dialTwiml('+15550100') })
      if (call === 0) void fetch(url, { method: 'POST', body })
      return call > 1
    },
  })
  result = await runLoad(
    workload!,
    {
      target: server.url,
      driver: 'twilio',
      level: { sessionsPerSecond: 2 },
      warmupMs: 0,
      measuredMs: 8000,
      seed: 5,
      speed: 1,
      runId: 'voice-run',
      marker: 'suffix',
      providerAdminUrl: provider.url,
      sink: (record) => {
        if (record.kind === 'phone') calls.push(record)
        else if (record.kind === 'turn') turns.push(record)
      },
    },
    new AbortController().signal,
  )
})

afterAll(async () => {
  await server.close()
  await provider.close()
})

test('every call is accounted for, in the records and in the summary', () => {
  const { phone } = result.summary
  const { ended, offered, inFlightAtEnd, ...endings } = phone!.calls
  expect(offered).toBe(calls.length)
  expect(ended + inFlightAtEnd).toBe(offered)
  expect(endings).toMatchObject({ escalated: 1, dropped: 1, failed: 0 })
  expect(endings.blocked).toBeGreaterThan(0)
  expect(endings.completed).toBeGreaterThan(0)
  expect(phone!.active.max).toBe(3)
  expect(new Set(calls.map(({ session }) => session)).size).toBe(calls.length)
})

test('the transfer by REST and the longest call end calls as they should', () => {
  const [escalated] = calls.filter(({ ending }) => ending === 'escalated')
  const [dropped] = calls.filter(({ ending }) => ending === 'dropped')
  expect(escalated!.endedAtMs - escalated!.answeredAtMs).toBeLessThan(3000)
  // The carrier counts from its grant, which a busy machine hears of late.
  expect(dropped!.endedAtMs - dropped!.offeredAtMs).toBeGreaterThanOrEqual(5999)
})

test('turns of calls are turns: latency, objectives and accounting', () => {
  const { summary } = result
  expect(summary.turns.started).toBe(turns.length)
  expect(summary.latency.ttftMs!.count).toBe(turns.filter(({ outcome }) => outcome === 'completed').length)
  expect(summary.objectives.map(({ metric }) => metric)).toEqual(['ttft', 'blocked', 'completed'])
  expect(summary.phone!.frames!.sent).toBeGreaterThan(100)
  expect(server.tags.length).toBeGreaterThan(0)
})

test('nothing is left: no stream, no channel', async () => {
  const state = (await (await fetch(`${provider.url}/_plimsoll/carrier`)).json()) as { active: number }
  expect(state.active).toBe(0)
  await expect.poll(() => server.open()).toBe(0)
})

test('a machine that does not keep up with its calls says so: frames late, the run not valid', async () => {
  const idle = new Int32Array(new SharedArrayBuffer(4))
  // Asleep for most of the time, without using CPU.
  const holdUp = setInterval(() => Atomics.wait(idle, 0, 0, 120), 1)
  try {
    const { summary } = await runLoad(
      workload!,
      {
        target: server.url,
        driver: 'twilio',
        level: { sessionsPerSecond: 2 },
        warmupMs: 0,
        measuredMs: 2500,
        seed: 5,
        speed: 1,
        runId: 'held-up',
        marker: 'suffix',
        turnTimeoutMs: 1000,
      },
      new AbortController().signal,
    )
    const { valid, reasons, frameLatenessP99Ms } = summary.generator!
    expect(valid).toBe(false)
    expect(reasons.join('; ')).toMatch(/frames of sound were late at p99: \d+ ms, more than/)
    expect(frameLatenessP99Ms).toBe(summary.phone!.frames!.latenessP99Ms)
  } finally {
    clearInterval(holdUp)
  }
})
