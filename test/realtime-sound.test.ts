// Sound over the Realtime API: the official client, and calls of Plimsoll's own, straight to the simulated model.
import { afterEach, expect, test } from 'vitest'
import type { RealtimeClientEvent } from 'openai/resources/realtime/realtime'
import { runLoad } from '../src/load/run-load.ts'
import { type Provider, startProvider } from '../src/provider/start-provider.ts'
import { runNumber, textMarker, traceparent } from '../src/sessions/turn-key.ts'
import { decodeSpeech, encodeSpeech, type SpeechFormat, telephoneSpeech } from '../src/wire/speech-format.ts'
import { VoiceActivity } from '../src/wire/voice-activity.ts'
import { voiceTag } from '../src/wire/voice-tag.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import type { Workload } from '../src/workload/workload.ts'
import { utterances } from '../src/workload/utterances.ts'
import { RealtimeClient } from './realtime-client.ts'
import { recordsOf } from './sdk-world.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const workloadOf = (model: string): Workload =>
  parseWorkload(`
target: { url: http://localhost:1, driver: realtime, model: gpt-realtime }
phone: { calls: 60/min, duration: 1s, turns: 60/min, blocked: 1% }
model: { id: gpt-realtime, ttft: 200ms, tokensPerChunk: 4, ${model} }
`).workload!

async function world(workload = workloadOf('output: 12, perToken: 5ms')): Promise<Provider> {
  const provider = await startProvider(workload, { seed: 3, runId: 'sound' })
  ends.push(() => provider.close())
  await fetch(`${provider.url}/_plimsoll/reset`, {
    method: 'POST',
    body: JSON.stringify({ runId: 'sound', seed: 3 }),
  })
  return provider
}

async function caller(provider: Provider, audio: object): Promise<RealtimeClient> {
  const client = new RealtimeClient(provider)
  ends.push(() => client.close())
  await client.next('session.created')
  client.say({ type: 'session.update', session: { type: 'realtime', audio } })
  await client.next('session.updated')
  return client
}

const pcm: SpeechFormat = { encoding: 'linear16', sampleRate: 24_000 }
const telephone = { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcmu' } } }

/** An utterance of one turn, at a rate, with silence after it. */
function uttered(turn: number, format: SpeechFormat): Buffer {
  const { sampleRate } = format
  const tag = voiceTag({ run: runNumber('sound'), session: 5, turn }, sampleRate)
  const speech = Int16Array.from(
    { length: 0.8 * sampleRate },
    (_, i) => 6000 * Math.sin((i * 2000) / sampleRate),
  )
  const samples = new Int16Array(tag.length + speech.length + 0.4 * sampleRate)
  samples.set(tag)
  samples.set(speech, tag.length)
  return encodeSpeech(samples, format)
}

const append = (sound: Buffer): RealtimeClientEvent => ({
  type: 'input_audio_buffer.append',
  audio: sound.toString('base64'),
})

test.each<[what: string, audio: object, format: SpeechFormat]>([
  ['the telephone', telephone, telephoneSpeech],
  ['linear samples', {}, pcm],
])('a turn of %s is heard, joined and answered in sound', async (_, audio, format) => {
  const provider = await world()
  const client = await caller(provider, {
    ...audio,
    input: {
      ...telephone.input,
      ...('input' in audio ? {} : { format: { type: 'audio/pcm', rate: 24_000 } }),
      transcription: { model: 'whisper-1' },
    },
  })
  client.say(append(uttered(1, format)))
  const started = await client.next('input_audio_buffer.speech_started')
  expect(started.audio_start_ms).toBe(0)
  const stopped = await client.next('input_audio_buffer.speech_stopped')
  expect(stopped).toMatchObject({ item_id: started.item_id })
  expect(Math.abs(stopped.audio_end_ms - 1020)).toBeLessThan(30)
  expect((await client.next('input_audio_buffer.committed')).item_id).toBe(started.item_id)
  const { transcript } = await client.next('conversation.item.input_audio_transcription.completed')
  expect(transcript).toMatch(
    new RegExp(`^${utterances[1]!.text.replace('?', '\\?')} \\(ref [0-9a-f]{8}-5-1\\)$`),
  )

  const heard: Buffer[] = []
  let words = ''
  for (;;) {
    const event = await client.any()
    if (event.type === 'response.output_audio.delta') heard.push(Buffer.from(event.delta, 'base64'))
    if (event.type === 'response.output_audio_transcript.delta') words += event.delta
    if (event.type !== 'response.done') continue
    expect(event.response).toMatchObject({
      status: 'completed',
      output: [{ type: 'message', content: [{ type: 'output_audio', transcript: words }] }],
      usage: { output_token_details: { audio_tokens: 12 } },
    })
    break
  }
  const samples = decodeSpeech(Buffer.concat(heard), format)
  expect(samples.length / format.sampleRate).toBeCloseTo(Math.ceil((words.length / 15) * 50) / 50, 5)
  expect(new VoiceActivity({ sampleRate: format.sampleRate, silenceMs: 500 }).push(samples)).toEqual([
    { type: 'speech-start', atMs: 0 },
  ])
  expect(await recordsOf(provider)).toMatchObject([
    { kind: 'model', session: 5, turn: 1, outcome: 'completed' },
  ])
})

test('whoever speaks into an answer ends it; what was not heard is cut from it', async () => {
  const provider = await world(workloadOf('output: 12, perToken: 100ms'))
  const client = await caller(provider, telephone)
  client.say(append(uttered(0, telephoneSpeech)))
  await client.next('response.created')
  client.say(append(uttered(1, telephoneSpeech)))
  expect((await client.next('response.done')).response).toMatchObject({
    status: 'cancelled',
    status_details: { reason: 'turn_detected' },
  })
  const { response } = await client.next('response.done')
  expect(response.status).toBe('completed')
  const item_id = response.output![0]!.id!
  const truncate = (audio_end_ms: number): void =>
    client.say({ type: 'conversation.item.truncate', item_id, content_index: 0, audio_end_ms })
  truncate(60_000)
  expect((await client.next('error')).error.param).toBe('audio_end_ms')
  truncate(600)
  expect((await client.next('conversation.item.truncated')).audio_end_ms).toBe(600)
  client.say({ type: 'conversation.item.retrieve', item_id })
  const { item } = await client.next('conversation.item.retrieved')
  expect(item).toMatchObject({ content: [{ transcript: expect.stringMatching(/^.{9}$/s) as unknown }] })
})

test.each<[what: string, named: number, traced: number, joined: number, by: string]>([
  ['a later turn is the text’s', 3, 0, 3, 'text'],
  ['of an earlier one it is the trace’s', 0, 3, 3, 'trace'],
])('the trace of a connection is that of its first turn: %s', async (_, named, traced, turn, joinedBy) => {
  const provider = await world()
  const key = { run: runNumber('sound'), session: 5 }
  await fetch(`${provider.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { traceparent: traceparent({ ...key, turn: traced }) },
    body: JSON.stringify({
      model: 'any',
      messages: [{ role: 'user', content: `hello ${textMarker({ ...key, turn: named })}` }],
    }),
  })
  await expect.poll(() => recordsOf(provider)).toMatchObject([{ session: 5, turn, joinedBy }])
})

test('as much sound is taken in one event as the real API takes', async () => {
  const client = await caller(await world(), { input: { turn_detection: null } })
  client.say(append(Buffer.alloc(15 * 2 ** 20)), { type: 'input_audio_buffer.commit' })
  await client.next('input_audio_buffer.committed')
  client.say(append(Buffer.alloc(16 * 2 ** 20)))
  expect(await client.closed).toEqual([1009, Buffer.alloc(0)])
})

test('without detection the client says when a turn is over', async () => {
  const client = await caller(await world(), { input: { ...telephone.input, turn_detection: null } })
  client.say(append(uttered(0, telephoneSpeech)), { type: 'input_audio_buffer.clear' })
  await client.next('input_audio_buffer.cleared')
  client.say({ type: 'input_audio_buffer.commit' })
  expect((await client.next('error')).error.code).toBe('input_audio_buffer_commit_empty')
  client.say(append(uttered(0, telephoneSpeech)), { type: 'input_audio_buffer.commit' })
  expect((await client.next('conversation.item.done')).item).toMatchObject({ role: 'user' })
  client.say({ type: 'response.create' })
  expect((await client.next('response.done')).response.status).toBe('completed')
})

test('calls straight to the simulated speech-to-speech model are answered and joined', async () => {
  const workload = workloadOf('output: 3, perToken: 5ms')
  const provider = await world(workload)
  const { summary } = await runLoad(
    workload,
    {
      target: provider.url.replace('http', 'ws'),
      driver: 'realtime',
      level: { sessionsPerSecond: 1 },
      warmupMs: 0,
      measuredMs: 9000,
      seed: 3,
      speed: 1,
      runId: 'sound',
      marker: 'suffix',
      providerAdminUrl: provider.url,
    },
    new AbortController().signal,
  )
  const { completed, ended } = summary.phone!.calls
  expect(ended).toBeGreaterThan(0)
  expect(completed).toBe(ended)
  // No answer is sooner than its model, which takes 200 ms, and the silence that ends a turn comes before it.
  expect(summary.latency.ttftMs!.p50).toBeGreaterThan(250)
  expect(summary.joined).toMatchObject({ none: 0 })
  expect(summary.joined!.trace).toBeGreaterThan(0)
})
