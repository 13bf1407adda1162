import { DeepgramClient } from '@deepgram/sdk'
import { ElevenLabsClient } from '@elevenlabs/elevenlabs-js'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { runNumber } from '../src/sessions/turn-key.ts'
import type { AdminStats } from '../src/wire/admin-api.ts'
import { decodeSpeech, encodeSpeech, telephoneSpeech } from '../src/wire/speech-format.ts'
import { VoiceActivity } from '../src/wire/voice-activity.ts'
import { voiceTag } from '../src/wire/voice-tag.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 10_000 })
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

interface Asked {
  readonly vendors?: string
  readonly faults?: string
}

async function world({ vendors, faults }: Asked = {}) {
  const { workload, problems } = parseWorkload(`
name: speech
phone:
  calls: 1/min
  duration: 1m
  blocked: 1%
  ${vendors ? `vendors: ${vendors}` : ''}
  mouthToEar: { within: 2s, stt: 20ms, tts: 30ms }
users: { think: 1s, turns: 3 }
scenarios: [{ name: call, say: [Where is my order?, And my money?], depth: 1 }]
model: { output: 10, ttft: 1ms, perToken: 0ms }
${faults ? `faults: ${faults}` : ''}
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  const provider = await startProvider(workload, { seed: 3, runId: 'speech' })
  ends.push(() => provider.close())
  await fetch(`${provider.url}/_plimsoll/reset`, {
    method: 'POST',
    body: JSON.stringify({ runId: 'speech', seed: 3 }),
  })
  const ws = provider.url.replace('http', 'ws')
  const environment = { base: provider.url, production: ws, agent: ws, agentRest: provider.url }
  const deepgram = new DeepgramClient({ apiKey: 'any', environment, maxRetries: 0, reconnect: false })
  const elevenLabs = new ElevenLabsClient({ apiKey: 'any', baseUrl: provider.url, maxRetries: 0 })
  return { provider, ws, deepgram, elevenLabs }
}

const speechOf = async ({ url }: Provider) =>
  ((await (await fetch(`${url}/_plimsoll/stats`)).json()) as AdminStats).speech

type Listening = Awaited<ReturnType<DeepgramClient['listen']['v1']['connect']>>

/** A connection of the official client and what it was told. */
async function listening(deepgram: DeepgramClient, more: object = {}) {
  const connection = await deepgram.listen.v1.connect({
    model: 'nova-3',
    encoding: 'mulaw',
    sample_rate: 8000,
    ...more,
  })
  const told: Record<string, unknown>[] = []
  connection.on('message', (message) => void told.push(message as unknown as Record<string, unknown>))
  connection.connect()
  await connection.waitForOpen()
  ends.push(() => connection.close())
  return { connection, told }
}

const transcripts = (told: readonly Record<string, unknown>[], type = 'Results'): unknown[] =>
  told
    .filter((message) => message['type'] === type && message['is_final'] === true)
    .map(
      (message) =>
        (message['channel'] as { alternatives: { transcript: string }[] }).alternatives[0]!.transcript,
    )

const silence = (ms: number): Int16Array => new Int16Array(8 * ms)
const tone = (ms: number): Int16Array =>
  Int16Array.from({ length: 8 * ms }, (_, i) => 6000 * Math.sin(i / 4) * (1.2 + Math.sin(i / 900)))

/** A caller's audio, faster than it is spoken. */
function speak(connection: Listening, parts: readonly Int16Array[]): void {
  for (const part of parts) connection.sendMedia(encodeSpeech(part, telephoneSpeech))
}

const key = (turn: number) => ({ run: runNumber('speech'), session: 5, turn })

test('Deepgram hears who is tagged, with interim and final results, and tells when all is said', async () => {
  const { provider, deepgram } = await world()
  const { connection, told } = await listening(deepgram, {
    interim_results: 'true',
    vad_events: 'true',
    utterance_end_ms: '1000',
  })
  speak(connection, [voiceTag(key(0)), tone(900), tone(500), silence(500)])
  await eventually(() => transcripts(told)).toEqual([
    expect.stringMatching(/^Where is my order\? \(ref [0-9a-f]{8}-5-0\)$/),
  ])
  speak(connection, [voiceTag(key(1)), tone(400), silence(500)])
  await eventually(() => transcripts(told)).toHaveLength(2)
  expect(transcripts(told)[1]).toContain('And my money?')
  expect(told).toContainEqual(expect.objectContaining({ type: 'SpeechStarted', timestamp: 0 }))
  expect(told).toContainEqual(
    expect.objectContaining({ type: 'Results', is_final: false, speech_final: false }),
  )
  connection.sendCloseStream({ type: 'CloseStream' })
  await eventually(() => told.at(-1)).toMatchObject({
    type: 'Metadata',
    duration: expect.closeTo(3.24, 1) as number,
  })
  expect((await speechOf(provider))!.stt).toMatchObject({ mostAtOnce: 1, done: 2, waits: { count: 2 } })
})

test('a client that knows the end of speech itself finalizes; untagged speech is heard, too', async () => {
  const { deepgram } = await world()
  const { connection, told } = await listening(deepgram, { endpointing: 'false' })
  speak(connection, [tone(600), silence(900)])
  connection.sendKeepAlive({ type: 'KeepAlive' })
  connection.sendFinalize({ type: 'Finalize' })
  await eventually(() => told).toMatchObject([{ is_final: true, from_finalize: true, speech_final: false }])
  expect(transcripts(told)).toEqual(['Hello, I have a question about my appointment.'])
})

test('as many streams as the vendor takes; the next one gets 429', async () => {
  const { provider, deepgram, ws } = await world({ vendors: '{ stt: { concurrent: 1 } }' })
  await listening(deepgram)
  const refused = await new Promise((resolve) => {
    const second = new WebSocket(`${ws}/v1/listen?encoding=mulaw&sample_rate=8000`)
    second.on('unexpected-response', (_, response) => resolve(response.statusCode))
    second.on('error', () => undefined)
  })
  expect(refused).toBe(429)
  expect((await speechOf(provider))!.stt).toMatchObject({ atOnce: 1, refused: 1 })
})

/** Voiced milliseconds of telephone sound. */
function voicedMs(bytes: Buffer): number {
  const activity = new VoiceActivity({ sampleRate: 8000, silenceMs: 100 })
  const events = activity.push(decodeSpeech(bytes, telephoneSpeech))
  expect(events.map(({ type }) => type)).toEqual(['speech-start'])
  return bytes.length / 8
}

const text = 'It comes on Monday.'
const heardMs = Math.ceil(((text.length / 15) * 1000) / 20) * 20

test('Deepgram speaks over HTTP, as telephone sound or as a file', async () => {
  const { deepgram } = await world()
  const plain = await deepgram.speak.v1.audio.generate({ text, encoding: 'mulaw', sample_rate: 8000 })
  expect(voicedMs(Buffer.from(await plain.arrayBuffer()))).toBe(heardMs)
  const file = await deepgram.speak.v1.audio.generate({ text, encoding: 'linear16', sample_rate: 24_000 })
  const bytes = Buffer.from(await file.arrayBuffer())
  expect(bytes.toString('latin1', 0, 4)).toBe('RIFF')
  expect(bytes.length).toBe(44 + heardMs * 48)
  const mp3 = deepgram.speak.v1.audio.generate({ text })
  await expect(mp3).rejects.toMatchObject({ statusCode: 400 })
})

test('Deepgram speaks over a WebSocket: flushed in order, cleared at once', async () => {
  const { provider, deepgram } = await world({ vendors: '{ tts: { concurrent: 3, held: 40% } }' })
  const connection = await deepgram.speak.v1.connect({
    model: 'aura-2-thalia-en',
    encoding: 'mulaw',
    sample_rate: '8000',
  })
  const told: unknown[] = []
  let bytes = 0
  connection.on('message', (message: unknown) => {
    if (message instanceof Blob) bytes += message.size
    else told.push(message)
  })
  let isClosed = false
  connection.on('close', () => (isClosed = true))
  connection.connect()
  await connection.waitForOpen()
  ends.push(() => connection.close())
  const speak = (said: string): void => connection.sendText({ type: 'Speak', text: said })
  const flush = (): void => connection.sendFlush({ type: 'Flush' })
  speak('Yes. ')
  speak('Of course.')
  flush()
  await eventually(() => told).toMatchObject([{ type: 'Metadata' }, { type: 'Flushed', sequence_id: 0 }])
  expect(bytes).toBe(1000 * 8)
  speak(text)
  flush()
  await eventually(() => bytes).toBeGreaterThan(8000)
  connection.sendClear({ type: 'Clear' })
  await eventually(() => told.at(-1)).toMatchObject({ type: 'Cleared', sequence_id: 1 })
  const cleared = bytes
  connection.sendClose({ type: 'Close' })
  await eventually(() => isClosed).toBe(true)
  expect(bytes).toBe(cleared)
  expect((await speechOf(provider))!.tts).toMatchObject({
    atOnce: 0,
    mostAtOnce: 1,
    refused: 0,
    done: 1,
    waits: { count: 2 },
  })
})

test('ElevenLabs speaks over HTTP and says in its words when it is full', async () => {
  const { elevenLabs } = await world({ vendors: '{ tts: { concurrent: 1 } }' })
  const asked = { text, modelId: 'eleven_flash_v2_5', outputFormat: 'ulaw_8000' as const }
  const first = await elevenLabs.textToSpeech.stream('voice', asked)
  await expect(elevenLabs.textToSpeech.stream('voice', asked)).rejects.toMatchObject({
    statusCode: 429,
    body: { detail: { status: 'too_many_concurrent_requests' } },
  })
  const chunks: Uint8Array[] = []
  for await (const chunk of first) chunks.push(chunk)
  expect(voicedMs(Buffer.concat(chunks))).toBe(heardMs)
})

test('ElevenLabs speaks over WebSockets, one text or several contexts', async () => {
  const { ws } = await world()
  const open = async (path: string) => {
    const socket = new WebSocket(`${ws}/v1/text-to-speech/voice/${path}`)
    ends.push(() => socket.terminate())
    const told: Record<string, unknown>[] = []
    socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString()) as Record<string, unknown>))
    const closed = new Promise((resolve) => socket.once('close', resolve))
    await new Promise((resolve) => socket.once('open', resolve))
    const send = (...messages: object[]): void =>
      messages.forEach((each) => socket.send(JSON.stringify(each)))
    return { told, closed, send }
  }
  const one = await open('stream-input?output_format=ulaw_8000')
  one.send({ text: ' ' }, { text: 'It will come on Monday. ' }, { text: '' })
  await one.closed
  expect(one.told.at(-1)).toEqual({ audio: null, isFinal: true })
  const sound = Buffer.concat(
    one.told.slice(0, -1).map(({ audio }) => Buffer.from(audio as string, 'base64')),
  )
  expect(voicedMs(sound)).toBe(1540)
  const letters = one.told.slice(0, -1).flatMap(({ alignment }) => (alignment as { chars: string[] }).chars)
  expect(letters.join('')).toBe(' It will come on Monday. ')

  const many = await open('multi-stream-input?output_format=pcm_16000&auto_mode=true')
  many.send(
    { text: ' ', context_id: 'a' },
    { text: 'Yes. ', context_id: 'a' },
    { text: 'No. ', context_id: 'b' },
  )
  many.send({ context_id: 'a', close_context: true }, { context_id: 'b', close_context: true })
  const finals = () =>
    many.told
      .filter(({ isFinal }) => isFinal === true)
      .map(({ contextId }) => contextId)
      .toSorted()
  await eventually(finals).toEqual(['a', 'b'])
  many.send({ close_socket: true })
  await many.closed
})

test('faults of speech: refused, silent, broken off', async () => {
  const { provider, deepgram, elevenLabs } = await world({
    faults: '[{ fault: 503, on: stt }, { fault: cut, on: tts, at: 50% }]',
  })
  await expect(listening(deepgram)).rejects.toBeDefined()
  const stream = await elevenLabs.textToSpeech.stream('voice', { text, outputFormat: 'pcm_8000' })
  const read = async (): Promise<void> => {
    for await (const chunk of stream) expect(chunk.length).toBeGreaterThan(0)
  }
  await expect(read()).rejects.toThrow()
  await fetch(`${provider.url}/_plimsoll/faults`, {
    method: 'PUT',
    body: JSON.stringify({ faults: [{ fault: 'timeout', on: 'stt' }] }),
  })
  const { connection, told } = await listening(deepgram)
  speak(connection, [voiceTag(key(0)), tone(300), silence(500)])
  speak(connection, [tone(300), silence(500)])
  connection.sendFinalize({ type: 'Finalize' })
  await eventually(() => transcripts(told)).toEqual([''])
})

test('strange clients get the words of the vendor, and nothing is left of them', async () => {
  const { provider, ws } = await world()
  const refused = (path: string): Promise<unknown> =>
    new Promise((resolve) => {
      const socket = new WebSocket(`${ws}${path}`)
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
      socket.on('error', () => undefined)
    })
  const voice = '/v1/text-to-speech/voice'
  expect(await refused('/v1/listen?encoding=opus')).toBe(400)
  expect(await refused('/v1/listen?encoding=mulaw&sample_rate=-1')).toBe(400)
  expect(await refused('/v1/speak?encoding=mp3')).toBe(400)
  expect(await refused(`${voice}/stream-input`)).toBe(400)
  expect(await refused('/v1/nothing')).toBe(404)

  const closedBy = async (path: string, message: string | Buffer): Promise<unknown> => {
    const socket = new WebSocket(`${ws}${path}`)
    ends.push(() => socket.terminate())
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(message)
    return new Promise((resolve) => socket.once('close', resolve))
  }
  const listen = '/v1/listen?encoding=mulaw'
  expect(await closedBy(listen, 'nonsense')).toBe(1008)
  expect(await closedBy(listen, Buffer.alloc(2 ** 20 + 1))).toBe(1009)
  expect(await closedBy(listen, Buffer.alloc(0))).toBe(1000)
  expect(await closedBy('/v1/speak?encoding=mulaw', '{"type":"Close"}')).toBe(1000)
  expect(await closedBy(`${voice}/stream-input?output_format=ulaw_8000`, '{')).toBe(1008)
  expect(await closedBy(`${voice}/stream-input?output_format=ulaw_8000`, '[]')).toBe(1008)

  const posted = async (path: string, body: string): Promise<number> =>
    (await fetch(`${provider.url}${path}`, { method: 'POST', body })).status
  expect(await posted('/v1/speak?encoding=mulaw', '{}')).toBe(400)
  expect(await posted('/v1/speak?encoding=mulaw', JSON.stringify({ text: 'a'.repeat(2001) }))).toBe(413)
  expect(await posted(`${voice}/stream?output_format=pcm_8000`, 'nonsense')).toBe(422)
  expect((await fetch(`${provider.url}/v1/speak`)).status).toBe(405)
  await eventually(async () => (await speechOf(provider))!.stt.atOnce).toBe(0)
})
