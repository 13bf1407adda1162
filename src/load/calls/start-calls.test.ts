import type { Socket } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import twilio from 'twilio'
import type { PhoneRecord } from '../../result/phone-records.ts'
import type { TurnRecord } from '../../result/records.ts'
import { createSessions } from '../../sessions/sessions.ts'
import { agentMessages } from '../../wire/twilio-media.ts'
import { dialTwiml } from '../../wire/twiml.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import {
  type FixtureVoice,
  type FixtureVoiceServer,
  startFixtureVoice,
  linearTone,
  tone,
} from '../drivers/twilio/fixture-voice-server.ts'
import { startRunClock } from '../edge/run-clock.ts'
import { shapeOfLevel } from '../stages.ts'
import { startCallers } from './call-players.ts'

interface Played {
  readonly name: string
  readonly turns: readonly TurnRecord[]
  readonly calls: readonly PhoneRecord[]
  readonly messages: readonly string[]
  readonly server: FixtureVoiceServer
  readonly openAtEnd: number
  readonly sent: number
}

/** What a voice server may do, and how its caller's one call is to end. */
const servers: Record<string, FixtureVoice & { readonly authToken?: string; readonly stream?: string }> = {
  answers: { answerAfterMs: 50, answerMs: 300, authToken: 'shared secret' },
  'takes the stream at once': { answerMs: 100, stream: '/media' },
  'hands on at once': { twiml: () => dialTwiml('+15550100') },
  'closes and hands on': {
    twiml: (url) => `<Response><Connect><Stream url="${url}"/></Connect><Dial>+1</Dial></Response>`,
    misbehaves: (socket) => socket.close(1000),
  },
  'reconnects until it answers': {
    twiml: (url) => {
      const stream = `<Connect><Stream url="${url}"/></Connect>`
      return `<Response>${stream}<Pause/>${stream}</Response>`
    },
    misbehaves: (() => {
      let times = 0
      return (socket: WebSocket) => {
        if (times++ > 0) return true
        socket.close(1000)
        return false
      }
    })(),
  },
  'is silent': { misbehaves: () => {} },
  'breaks the socket': { misbehaves: (socket) => setTimeout(() => socket.terminate(), 300) },
  'hangs up half of the socket': {
    misbehaves: (socket) => (socket as unknown as { _socket: Socket })._socket.end(),
  },
  'pings all the time': {
    answerMs: 100,
    misbehaves: (socket) => {
      for (let i = 0; i < 500; i++) socket.ping(`${i}`)
      return true
    },
  },
  'sends samples of 16 bits': {
    misbehaves: (socket, sid) =>
      socket.send(agentMessages.media(sid, Buffer.from(linearTone(2000).buffer).toString('base64'))),
  },
  'sends bytes': { misbehaves: (socket) => socket.send(Buffer.from([1, 2, 3])) },
  'sends no JSON': { misbehaves: (socket) => socket.send('RIFF') },
  'sends a WAV file': {
    misbehaves: (socket, sid) =>
      socket.send(agentMessages.media(sid, Buffer.from('RIFF and so on').toString('base64'))),
  },
  'floods with sound': {
    misbehaves: (socket, sid) => {
      for (let i = 0; i < 2000; i++) socket.send(agentMessages.media(sid, tone(200)))
    },
  },
  'sends too much at once': { misbehaves: (socket) => socket.send('x'.repeat(1_500_000)) },
  'does not read': { misbehaves: (socket) => (socket as unknown as { pause(): void }).pause() },
  'answers no TwiML': { twiml: () => '{"url": "ws://elsewhere"}' },
  'hangs up': { twiml: () => '<Response><Hangup/></Response>' },
  'rejects the call': { twiml: () => '<Response><Reject reason="busy"/></Response>' },
  'sends the call on, and rejects it there': {
    twiml: (() => {
      let times = 0
      return () => `<Response>${times++ > 0 ? '<Reject/>' : '<Redirect>/voice</Redirect>'}</Response>`
    })(),
  },
  'rejects when it was on the line': {
    twiml: (url) => `<Response><Connect><Stream url="${url}"/></Connect><Reject/></Response>`,
    misbehaves: (socket) => socket.close(1000),
  },
  'asks for more when the stream is over': {
    authToken: 'shared secret',
    twiml: (url, path) =>
      path.startsWith('/voice/after')
        ? '<Response><Dial>+15551112222</Dial></Response>'
        : `<Response><Connect action="voice/after?why=done" method="GET"><Stream url="${url}"/></Connect><Hangup/></Response>`,
    misbehaves: (socket) => socket.close(1000),
  },
  'redirects by HTTP, then relative to there': {
    twiml: (url, path) =>
      ({
        '/voice': { status: 307, location: '/v2/calls/voice' },
        '/v2/calls/voice': '<Response><Redirect method="GET">next</Redirect></Response>',
      })[path] ?? `<Response><Connect><Stream url="${url}"/></Connect></Response>`,
  },
  'redirects by HTTP for ever': { twiml: () => ({ status: 302, location: '/voice' }) },
  'redirects to nowhere': { twiml: () => '<Response><Redirect>http://</Redirect></Response>' },
  'goes round and round': { twiml: () => '<Response><Redirect>/voice</Redirect></Response>' },
  'sends calls elsewhere': {
    twiml: () => '<Response><Connect><Stream url="wss://agent.example/media"/></Connect></Response>',
  },
}

const yaml = `
phone: { calls: 60/min, duration: 100ms, blocked: 1%, caller: { patience: 900ms } }
model: { output: 5 }
`

const played = new Map<string, Played>()

/** One call each, all at once: calls are played in real time. */
beforeAll(async () => {
  const all = await Promise.all(Object.entries(servers).map(([name, how]) => playOne(name, how)))
  for (const each of all) played.set(each.name, each)
})

afterAll(() => Promise.all([...played.values()].map(({ server }) => server.close())))

async function playOne(
  name: string,
  { authToken, stream, ...how }: (typeof servers)[string],
): Promise<Played> {
  const server = await startFixtureVoice(how)
  const { workload } = parseWorkload(yaml)
  const clock = startRunClock(1)
  const turns: TurnRecord[] = []
  const messages: string[] = []
  const level = { sessionsPerSecond: 1 }
  const target = {
    url: server.url,
    driver: 'twilio',
    headers: {},
    secrets: [],
    twilio: { webhook: '/voice', ...(stream ? { stream } : {}), ...(authToken ? { authToken } : {}) },
  }
  const sessions = createSessions(workload!, 1, level)
  const callers = startCallers(
    {
      workload: { ...workload!, target },
      sessions: { ...sessions, unitArrival: (session) => (session === 0 ? 0 : Infinity) },
      clock,
      cut: new AbortController().signal,
    },
    { driver: 'twilio', target: server.url, runId: 'run', marker: 'suffix', turnTimeoutMs: 2500 },
    shapeOfLevel(level, 1),
    {
      turnStarted: () => {},
      turnEnded: (record) => void turns.push(record),
      callEnded: (_, message) => void (message && messages.push(message)),
    },
  )
  await callers.gone
  await callers.close()
  clock.stop()
  // Who does not read does not see the end either.
  if (name !== 'does not read') await vi.waitFor(() => expect(server.open()).toBe(0), { timeout: 30_000 })
  const { sent } = callers.frames()
  return { name, turns, calls: callers.records, messages, server, openAtEnd: server.open(), sent }
}

test.each([
  ['answers', 'completed', ['completed'], ''],
  ['takes the stream at once', 'completed', ['completed'], ''],
  ['hands on at once', 'escalated', [], 'TwiML'],
  ['closes and hands on', 'escalated', [], ''],
  ['reconnects until it answers', 'completed', ['completed'], ''],
  ['is silent', 'abandoned', ['abandoned'], ''],
  ['breaks the socket', 'dropped', [], 'broke'],
  ['hangs up half of the socket', 'dropped', [], 'broke'],
  ['pings all the time', 'completed', ['completed'], ''],
  ['sends samples of 16 bits', 'dropped', [], 'samples of 16 bits'],
  ['sends bytes', 'dropped', [], 'bytes where JSON was expected'],
  ['sends no JSON', 'dropped', [], 'no JSON object'],
  ['sends a WAV file', 'dropped', [], 'WAV'],
  ['sends too much at once', 'dropped', [], 'longer than 1 MB'],
  ['does not read', 'abandoned', ['abandoned'], ''],
  ['answers no TwiML', 'failed', [], 'answered no TwiML'],
  ['hangs up', 'failed', [], 'does not connect the call'],
  ['rejects the call', 'blocked', [], ''],
  ['sends the call on, and rejects it there', 'blocked', [], ''],
  ['rejects when it was on the line', 'dropped', [], ''],
  ['asks for more when the stream is over', 'escalated', [], ''],
  ['redirects by HTTP, then relative to there', 'completed', ['completed'], ''],
  ['redirects by HTTP for ever', 'failed', [], 'redirects round and round'],
  ['redirects to nowhere', 'failed', [], 'an address that is none'],
  ['goes round and round', 'failed', [], 'round and round'],
  ['sends calls elsewhere', 'failed', [], '--allow-target'],
])('a server that %s: the call is %s', (name, ending, outcomes, message) => {
  const { calls, turns, messages } = played.get(name)!
  expect(calls.map((call) => call.ending)).toEqual([ending])
  expect(turns.map(({ outcome }) => outcome)).toEqual(outcomes)
  expect(messages.join()).toContain(message)
})

test('a server that floods with sound is left at last, whether the caller came to speak or not', () => {
  const { calls, turns } = played.get('floods with sound')!
  expect(calls.map((call) => call.ending)).toEqual(['abandoned'])
  expect(turns.filter(({ outcome }) => outcome === 'completed')).toEqual([])
})

test('webhooks are signed as the official library checks it, and name the call', () => {
  const { server } = played.get('answers')!
  const { headers, form } = server.webhooks[0]!
  const signature = String(headers['x-twilio-signature'])
  expect(twilio.validateRequest('shared secret', signature, `${server.url}/voice`, form)).toBe(true)
  expect(form).toMatchObject({
    CallStatus: 'ringing',
    Direction: 'inbound',
    CallSid: expect.stringMatching(/^CA/),
  })
  expect(played.get('takes the stream at once')!.server.webhooks).toEqual([])
})

test('a webhook is asked as its TwiML says: relative to the document, by its method, signed', () => {
  const { server } = played.get('redirects by HTTP, then relative to there')!
  expect(server.webhooks.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
    'POST /voice',
    'POST /v2/calls/voice',
    'GET /v2/calls/next',
  ])
  const after = played.get('asks for more when the stream is over')!.server
  const { method, path, headers } = after.webhooks[1]!
  const { searchParams } = new URL(path, after.url)
  expect([method, searchParams.get('why'), searchParams.get('CallStatus')]).toEqual([
    'GET',
    'done',
    'in-progress',
  ])
  const signature = String(headers['x-twilio-signature'])
  expect(twilio.validateRequest('shared secret', signature, `${after.url}${path}`, {})).toBe(true)
})

test('each stream of a call has a name of its own', () => {
  const { heard } = played.get('reconnects until it answers')!.server
  const names = heard.flatMap((message) => (message.event === 'start' ? [message.names] : []))
  expect(names).toHaveLength(2)
  expect(new Set(names.map(({ callSid }) => callSid)).size).toBe(1)
  expect(new Set(names.map(({ streamSid }) => streamSid)).size).toBe(2)
  expect(names.every(({ streamSid }) => /^MZ[0-9a-f]{32}$/.test(streamSid))).toBe(true)
})

test('the stream is the carrier’s: connected, start with parameters, marks echoed, stop; the tag names the turn', () => {
  const { server, sent, turns } = played.get('answers')!
  expect(server.heard.map(({ event }) => event)).toEqual(['connected', 'start', 'mark', 'stop'])
  expect(server.heard[1]).toMatchObject({
    encoding: 'audio/x-mulaw',
    sampleRate: 8000,
    customParameters: { greeting: 'none' },
  })
  expect(server.tags.map(({ session, turn }) => [session, turn])).toEqual([[0, 0]])
  expect(sent).toBeGreaterThan(50)
  const [turn] = turns
  expect(turn!.tokens).toBe(15)
  expect(turn!.firstTokenAtMs).toBeGreaterThan(turn!.sentAtMs)
})
