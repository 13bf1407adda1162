import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, type ExpectStatic, expect, test as oneTest } from 'vitest'
import { WebSocket } from 'ws'
import { type AgentServer, startAgent } from '../src/agent/start-agent.ts'
import { runLoad } from '../src/load/run-load.ts'
import { startProvider } from '../src/provider/start-provider.ts'
import type { CallRecord } from '../src/result/records.ts'
import { runNumber } from '../src/sessions/turn-key.ts'
import type { AdminHealth } from '../src/wire/admin-api.ts'
import { encodeMulaw } from '../src/wire/mulaw.ts'
import {
  connectedMessage,
  dtmfMessage,
  markMessage,
  mediaMessage,
  readAgentMessage,
  startMessage,
  stopMessage,
} from '../src/wire/twilio-media.ts'
import { signatureHeader, twilioSignature } from '../src/wire/twilio-signature.ts'
import { readTwiml, streamOf } from '../src/wire/twiml.ts'
import { voiceTag } from '../src/wire/voice-tag.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { voiceStrategies } from '../src/workload/voice-agent.ts'

const eventually = <T>({ poll }: ExpectStatic, look: () => T) => poll(look, { timeout: 15_000 })
const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})
// Each has a world of its own, in which it mostly waits for what is spoken.
const test = oneTest.concurrent

interface Asked {
  readonly voice?: string
  readonly faults?: string
  readonly ttft?: string
  /** How long the agent waits for speech to text. */
  readonly hears?: string
}

/** A limit that a busy machine keeps, too: the greeting of an agent whose voice is late is a tone. */
const patient = '15s'

/** A provider, an agent that answers the telephone before it, and what the carrier is asked for. */
async function world({ voice = '', faults, ttft = '5ms', hears = patient }: Asked = {}) {
  const { workload, problems } = parseWorkload(`
name: voice
target: { driver: twilio, url: 'http://127.0.0.1', twilio: { authToken: secret } }
phone: { calls: 1/min, duration: 1m, blocked: 1%, turns: 5/min, mouthToEar: { within: 2s, stt: 5ms, tts: 5ms } }
users: { think: 1s, turns: 3 }
scenarios: [{ name: call, say: [Where is my order?, And my money?], depth: 2, tools: [crm] }]
agent: { limits: { tool: 400ms }, voice: { endOfSpeech: 200ms, limits: { stt: ${hears}, tts: ${patient} } ${voice} } }
model: { output: 8, ttft: ${ttft}, perToken: 0ms }
tools: { crm: { latency: 1ms } }
${faults ? `faults: ${faults}` : ''}
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  const provider = await startProvider(workload, { seed: 3, runId: 'voice' })
  ends.push(() => provider.close())
  const reset = JSON.stringify({ runId: 'voice', seed: 3 })
  await fetch(`${provider.url}/_plimsoll/reset`, { method: 'POST', body: reset })
  const asked: string[] = []
  const carrier = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    asked.push(`${request.url} ${new URLSearchParams(body).get('Twiml')}`)
    response.end('{}')
  })
  await new Promise<void>((resolve) => carrier.listen(0, '127.0.0.1', resolve))
  ends.push(() => carrier.close())
  const carrierUrl = `http://127.0.0.1:${(carrier.address() as AddressInfo).port}`
  const agent = await startAgent(workload, {
    host: '127.0.0.1',
    port: 0,
    modelUrl: `${provider.url}/v1`,
    toolsUrl: provider.url,
    apiKey: 'any',
    voice: { carrierUrl },
  })
  ends.push(() => agent.close())
  const calls = async (): Promise<CallRecord[]> =>
    ((await (await fetch(`${provider.url}/_plimsoll/records?from=0`)).json()) as { records: CallRecord[] })
      .records
  const callsInFlight = async (): Promise<number> =>
    ((await (await fetch(`${provider.url}/_plimsoll/health`)).json()) as AdminHealth).inFlight
  const metrics = async (): Promise<string> => (await fetch(`${agent.url}/metrics`)).text()
  const goWrong = (...written: object[]) =>
    fetch(`${provider.url}/_plimsoll/faults`, { method: 'PUT', body: JSON.stringify({ faults: written }) })
  return { workload, provider, agent, asked, calls, callsInFlight, metrics, goWrong }
}

/** Asks the webhook as the carrier does. */
async function ring({ url }: AgentServer, priority = 0, authToken = 'secret') {
  const address = `${url}/voice?priority=${priority}`
  const form = { CallSid: 'CA1', From: '+15550101' }
  return fetch(address, {
    method: 'POST',
    headers: { [signatureHeader]: twilioSignature(authToken, address, form) },
    body: new URLSearchParams(form),
  })
}

/** A caller on the line, whose sound travels faster than it is spoken. */
async function call(agent: AgentServer, priority = 0) {
  const verbs = readTwiml(await (await ring(agent, priority)).text())
  if (typeof verbs === 'string') throw new Error(verbs)
  if (verbs[0]!.name === 'Reject') return undefined
  const { url, parameters } = streamOf(verbs[0]!)!
  const socket = new WebSocket(url)
  ends.push(() => socket.terminate())
  const names = { accountSid: 'AC1', callSid: 'CA1', streamSid: 'MZ1' }
  const heard = { bytes: 0, clears: 0, isOver: false }
  let marking = true
  const unplayed: string[] = []
  socket.on('message', (data: Buffer) => {
    const message = readAgentMessage(data.toString())
    if (message.event === 'media') heard.bytes += Buffer.from(message.payload, 'base64').length
    else if (message.event === 'clear') heard.clears++
    else if (message.event === 'mark') {
      if (marking) socket.send(markMessage('MZ1', 1, message.name))
      else unplayed.push(message.name)
    }
  })
  socket.once('close', () => (heard.isOver = true))
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(connectedMessage)
  socket.send(startMessage(names, parameters))
  const say = (parts: readonly Int16Array[]): void => {
    for (const part of parts)
      for (let at = 0; at < part.length; at += 160) {
        const payload = Buffer.from(encodeMulaw(part.subarray(at, at + 160))).toString('base64')
        socket.send(mediaMessage('MZ1', 1, 1, 0, payload))
      }
  }
  return {
    heard,
    begin: () => say([tone(300)]),
    say: (turn: number) =>
      say([silence(200), voiceTag({ run: runNumber('voice'), session: 5, turn }), tone(600), silence(300)]),
    press: (digit: string) => socket.send(dtmfMessage('MZ1', 1, digit)),
    hangUp: () => socket.send(stopMessage(names, 1)),
    /** Plays nothing from now on, or what has not been played. */
    play(on: boolean) {
      marking = on
      for (const name of on ? unplayed.splice(0) : []) socket.send(markMessage('MZ1', 1, name))
    },
  }
}

const silence = (ms: number): Int16Array => new Int16Array(8 * ms)
const tone = (ms: number): Int16Array => Int16Array.from({ length: 8 * ms }, (_, i) => 8000 * Math.sin(i / 4))

const greetingBytes = 1740 * 8

test('a call: signed webhook, greeting, an answer through speech, model, tool and speech again, joined to its turn', async ({
  expect,
}) => {
  const { agent, calls, metrics } = await world()
  expect((await ring(agent, 0, 'wrong')).status).toBe(403)
  const line = (await call(agent))!
  await eventually(expect, () => line.heard.bytes).toBe(greetingBytes)
  line.say(0)
  await eventually(expect, () => line.heard.bytes).toBeGreaterThan(greetingBytes + 4000)
  line.say(1)
  await eventually(expect, async () => (await calls()).filter(({ kind }) => kind === 'model')).toHaveLength(4)
  const records = await calls()
  expect(
    records.map(({ kind, session, turn, joinedBy }) => `${kind} ${session} ${turn} ${joinedBy}`),
  ).toEqual([0, 1].flatMap((turn) => [`model 5 ${turn} text`, `tool 5 ${turn} id`, `model 5 ${turn} id`]))
  expect(await metrics()).toContain('agent_calls 1\n')
  line.hangUp()
  await eventually(expect, () => line.heard.isOver).toBe(true)
  expect(await metrics()).toContain('agent_calls_total{ending="hung_up"} 1')
})

test.for(['on', 'off'])(
  'speaking into an answer clears it, or does not where that is %s',
  async (bargeIn, { expect }) => {
    const { agent, calls } = await world({ voice: `, bargeIn: '${bargeIn}'` })
    const line = (await call(agent))!
    await eventually(expect, () => line.heard.bytes).toBe(greetingBytes)
    line.play(false)
    line.say(0)
    await eventually(expect, () => line.heard.bytes).toBeGreaterThan(greetingBytes)
    line.say(1)
    await eventually(expect, async () => (await calls()).some(({ turn }) => turn === 1)).toBe(true)
    expect(line.heard.clears).toBe(bargeIn === 'on' ? 1 : 0)
  },
)

test('who goes on before a sound of the answer is answered once, to all that was said', async ({
  expect,
}) => {
  const { agent, calls, callsInFlight, metrics } = await world({ ttft: '1s' })
  const line = (await call(agent))!
  await eventually(expect, () => line.heard.bytes).toBe(greetingBytes)
  line.say(0)
  await eventually(expect, callsInFlight).toBe(1)
  line.say(1)
  await eventually(expect, () => line.heard.bytes).toBeGreaterThan(greetingBytes)
  const models = (await calls()).filter(({ kind }) => kind === 'model')
  expect(models.map(({ turn, outcome }) => `${turn} ${outcome}`)).toEqual([
    '0 abandoned',
    '1 completed',
    '1 completed',
  ])
  expect(await metrics()).toMatch(/agent_turns_total\{outcome="completed"\} 1\n/)
})

test('an answer that takes long has a filler before it', async ({ expect }) => {
  const { agent, metrics } = await world({ ttft: '400ms', voice: ', filler: 50ms' })
  const line = (await call(agent))!
  await eventually(expect, () => line.heard.bytes).toBe(greetingBytes)
  line.say(0)
  await eventually(expect, metrics).toContain('agent_stopgaps_total{said="filler"} 1\n')
  const withFiller = line.heard.bytes
  expect(withFiller).toBeGreaterThan(greetingBytes)
  await eventually(expect, () => line.heard.bytes).toBeGreaterThan(withFiller)
})

test('0 is for a person: the carrier is told to dial one', async ({ expect }) => {
  const { agent, asked, metrics } = await world()
  const line = (await call(agent))!
  line.press('0')
  await eventually(expect, () => asked).toHaveLength(1)
  expect(asked[0]).toMatch(/^\/2010-04-01\/Accounts\/AC1\/Calls\/CA1\.json .*<Dial>\+15550100<\/Dial>/)
  expect(await metrics()).toContain('agent_calls_total{ending="handed_off"} 1')
})

const failing = [
  { fault: 500, on: 'tts' },
  { fault: 500, on: 'models' },
  { fault: 'timeout', on: 'stt' },
]

test('the voice, the model or speech to text fails: a canned sentence, then a person', async ({ expect }) => {
  const { agent, asked, metrics, goWrong } = await world({ hears: '1s' })
  for (const [i, fault] of failing.entries()) {
    const line = (await call(agent))!
    await eventually(expect, () => line.heard.bytes).toBe(greetingBytes)
    await goWrong(fault)
    line.say(0)
    const stopgaps = async (): Promise<number> =>
      [...(await metrics()).matchAll(/agent_stopgaps_total\{said="(?:sorry|again)"\} (\d+)/g)].reduce(
        (sum, [, count]) => sum + Number(count),
        0,
      )
    await eventually(expect, stopgaps).toBe(i + 1)
    line.say(1)
    await eventually(expect, () => asked).toHaveLength(i + 1)
    await goWrong()
  }
})

test('without fallbacks there is silence', async ({ expect }) => {
  const { agent, metrics, goWrong } = await world({ voice: ", fallbacks: 'off'", hears: '1s' })
  for (const [i, fault] of failing.entries()) {
    const line = (await call(agent))!
    await eventually(expect, () => line.heard.bytes).toBe(greetingBytes)
    await goWrong(fault)
    line.say(0)
    await eventually(expect, metrics).toContain(`agent_unanswered_total ${i + 1}\n`)
    expect(line.heard.bytes).toBe(greetingBytes)
    await goWrong()
  }
})

test('a tool that hangs: its breaker opens, and the answer comes without it', async ({ expect }) => {
  const { agent, calls } = await world({ faults: '[{ fault: timeout, on: crm }]' })
  const line = (await call(agent))!
  for (let turn = 0; turn < 12; turn++) {
    line.say(turn)
    await eventually(expect, async () =>
      (await calls()).filter(({ kind, turn: of }) => kind === 'model' && of === turn),
    ).toHaveLength(2)
  }
  const tools = (await calls()).filter(({ kind }) => kind === 'tool')
  expect(tools.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 10 }, () => 'abandoned'))
})

test('full: hold, a busy tone, and urgent callers first', async ({ expect }) => {
  const { agent, metrics } = await world({ voice: ', calls: 1, hold: { calls: 1, for: 30s }' })
  const first = (await call(agent))!
  await eventually(expect, metrics).toContain('agent_calls 1\n')
  const second = (await call(agent))!
  await eventually(expect, metrics).toContain('agent_calls_on_hold 1\n')
  expect(await call(agent)).toBeUndefined()
  const urgent = (await call(agent, 9))!
  await eventually(expect, () => second.heard.isOver).toBe(true)
  const heldBytes = urgent.heard.bytes
  first.hangUp()
  await eventually(expect, () => urgent.heard.bytes).toBeGreaterThanOrEqual(heldBytes + greetingBytes)
  urgent.say(0)
  await eventually(expect, metrics).toContain('agent_turns_total{outcome="completed"} 1')
})

test('carriers that are none: each stream ends, nothing is left, and the agent answers the next call', async ({
  expect,
}) => {
  const { agent, metrics } = await world()
  const names = { accountSid: 'AC1', callSid: 'CA1', streamSid: 'MZ1' }
  const mulaw = startMessage(names, { token: 'guessed' })
  const strange = [
    ['not JSON'],
    ['{"event":"start"}'],
    [mulaw.replace('audio/x-mulaw', 'audio/x-l16')],
    [mulaw],
    ['{"event":"media","media":{"payload":"////"}}', '{"event":"media"}'],
    [Buffer.alloc(100_000).toString('latin1')],
  ]
  for (const messages of strange) {
    const socket = new WebSocket(`${agent.url.replace('http', 'ws')}/media`)
    ends.push(() => socket.terminate())
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    for (const message of messages) socket.send(message)
    expect([1003, 1008, 1009]).toContain(await closed)
  }
  const elsewhere = new WebSocket(`${agent.url.replace('http', 'ws')}/elsewhere`)
  await expect(new Promise((_, reject) => elsewhere.once('error', reject))).rejects.toThrow('404')
  expect(await metrics()).toContain(`agent_calls_total{ending="broken"} ${strange.length}`)
  const line = (await call(agent))!
  line.say(0)
  await eventually(expect, metrics).toContain('agent_turns_total{outcome="completed"} 1')
  line.hangUp()
  await eventually(expect, metrics).toMatch(
    /agent_calls 0\n[^]*agent_sessions 0|agent_sessions 0\n[^]*agent_calls 0\n/,
  )
})

test('the page knows every switch, and its example is without a mistake', () => {
  const page = readFileSync(new URL('../docs/voice-agent.md', import.meta.url), 'utf8')
  for (const name of voiceStrategies) expect(page).toContain(`| \`${name}\` |`)
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!)
  expect(examples.map((yaml) => parseWorkload(yaml).problems)).toEqual([[]])
})

test('a load tells its response in parts: hearing and speaking as the speech services saw them', async ({
  expect,
}) => {
  const { workload, provider, agent } = await world()
  const { summary } = await runLoad(
    workload,
    {
      target: agent.url,
      driver: 'twilio',
      level: { sessionsPerSecond: 0.5 },
      warmupMs: 0,
      measuredMs: 9000,
      graceMs: 500,
      seed: 3,
      speed: 1,
      runId: 'parts',
      marker: 'suffix',
      providerAdminUrl: provider.url,
    },
    new AbortController().signal,
  )
  const parts = Object.fromEntries(summary.turnTime!.map(({ part, meanMs }) => [part, meanMs]))
  expect(Object.keys(parts)).toEqual([
    'hearing',
    'agent',
    'model',
    'tools',
    'retry wait',
    'speaking',
    'answer heard',
  ])
  for (const part of ['hearing', 'speaking', 'model', 'answer heard']) expect(parts[part]).toBeGreaterThan(0)
})
