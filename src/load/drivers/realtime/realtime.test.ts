import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import type { PhoneRecord } from '../../../result/phone-records.ts'
import type { TurnRecord } from '../../../result/records.ts'
import { createSessions } from '../../../sessions/sessions.ts'
import { mulawPower } from '../../../wire/mulaw.ts'
import { parseWorkload } from '../../../workload/parse-workload.ts'
import { startCallers } from '../../calls/call-players.ts'
import { startRunClock } from '../../edge/run-clock.ts'
import { shapeOfLevel } from '../../stages.ts'
import { tone } from '../twilio/fixture-voice-server.ts'

type Said = Readonly<Record<string, unknown>>

/** A speech-to-speech agent in a few lines: it tells turns apart by silence and answers with a tone. */
class Agent {
  readonly said: Said[] = []
  readonly #socket: WebSocket
  #speaks = false
  #quiet = 0
  #items = 0
  #expires = false

  constructor(socket: WebSocket, onError: boolean) {
    this.#socket = socket
    socket.on('message', (data) => this.#read(JSON.parse((data as Buffer).toString()) as Said))
    this.#say({ type: 'session.created' })
    this.#expires = onError
  }

  #read(message: Said): void {
    if (message['type'] !== 'input_audio_buffer.append') {
      this.said.push(message)
      return
    }
    if (this.#expires) this.#say({ type: 'error', error: { type: 'server_error', code: 'session_expired' } })
    const isLoud = mulawPower(Buffer.from(String(message['audio']), 'base64')) > 1e-5
    this.#quiet = isLoud ? 0 : this.#quiet + 1
    if (isLoud && !this.#speaks) this.#say({ type: 'input_audio_buffer.speech_started' })
    if (isLoud) this.#speaks = true
    if (!this.#speaks || this.#quiet < 10) return
    this.#speaks = false
    const item = `item_${this.#items++}`
    for (let i = 0; i < 4; i++)
      this.#say({ type: 'response.output_audio.delta', item_id: item, delta: tone(500) })
    this.#say({ type: 'response.done' })
  }

  #say(message: Said): void {
    this.#socket.send(JSON.stringify(message))
  }
}

const agents: Agent[] = []
const requests: { url: string; authorization: string | undefined }[] = []
const http = createServer()
const sockets = new WebSocketServer({ server: http })
sockets.on('connection', (socket, request) => {
  requests.push({ url: request.url!, authorization: request.headers.authorization })
  agents.push(new Agent(socket, request.headers.authorization === 'Bearer expired'))
})
beforeAll(() => new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve)))
afterAll(() => new Promise<void>((resolve) => http.close(() => resolve())))

async function oneCall(
  authorization: string,
): Promise<{ turns: TurnRecord[]; calls: readonly PhoneRecord[] }> {
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`
  const caller = '{ interrupts: 100%, patience: 2s }'
  const { workload } = parseWorkload(
    `phone: { calls: 60/min, duration: 1s, turns: 120/min, blocked: 1%, caller: ${caller} }\nmodel: { id: gpt-realtime, output: 5 }\n`,
  )
  const clock = startRunClock(1)
  const level = { sessionsPerSecond: 1 }
  const sessions = createSessions(workload!, 1, level)
  const turns: TurnRecord[] = []
  const callers = startCallers(
    {
      workload: {
        ...workload!,
        target: { url, driver: 'realtime', headers: { authorization }, secrets: [] },
      },
      sessions: { ...sessions, unitArrival: (session) => (session === 0 ? 0 : Infinity) },
      clock,
      cut: new AbortController().signal,
    },
    { driver: 'realtime', target: url, runId: 'run', marker: 'none' },
    shapeOfLevel(level, 1),
    { turnStarted: () => {}, turnEnded: (record) => void turns.push(record), callEnded: () => {} },
  )
  await callers.gone
  await callers.close()
  clock.stop()
  await vi.waitFor(() => expect(sockets.clients.size).toBe(0))
  return { turns, calls: callers.records }
}

test('a call is played; what is interrupted is taken back, and the agent hears how much was played', async () => {
  const { turns, calls } = await oneCall('Bearer key')
  expect(turns.map(({ outcome }) => outcome)).toEqual(['completed', 'completed'])
  expect(calls).toMatchObject([{ ending: 'completed', interruptions: 1 }])
  expect(calls[0]!.bargeInStopMs).toHaveLength(1)
  expect(requests[0]).toEqual({ url: '/v1/realtime?model=gpt-realtime', authorization: 'Bearer key' })
  const [update, truncate] = agents[0]!.said
  expect(update).toMatchObject({
    type: 'session.update',
    session: {
      audio: { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcmu' } } },
    },
  })
  expect(truncate).toMatchObject({
    type: 'conversation.item.truncate',
    item_id: 'item_0',
    content_index: 0,
  })
  const heardMs = Number(truncate!['audio_end_ms'])
  expect(heardMs).toBeGreaterThan(0)
  expect(heardMs).toBeLessThan(2000)
})

test('an error of the agent ends the call', async () => {
  const { turns, calls } = await oneCall('Bearer expired')
  expect(turns).toEqual([])
  expect(calls.map(({ ending }) => ending)).toEqual(['dropped'])
})
