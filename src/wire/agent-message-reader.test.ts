import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AgentMessageReader } from './agent-message-reader.ts'
import { agentMessages, readAgentMessage } from './twilio-media.ts'

const sound = Buffer.from(Array.from({ length: 160 }, (_, i) => i))
const payload = sound.toString('base64')

/** What the reader says of the second message, once the first has taught it the words. */
function afterOne(first: string, second: string): unknown {
  const reader = new AgentMessageReader()
  reader.read(Buffer.from(first))
  const heard = reader.read(Buffer.from(second))
  return heard.event === 'media' ? heard.sound.toString('base64') : heard
}

test.each([
  ['in the same words', agentMessages.media('MZ', 'AAAA'), 'AAAA'],
  ['padded once', agentMessages.media('MZ', 'AAAAAAA='), 'AAAAAAA='],
  ['padded twice', agentMessages.media('MZ', 'AAAAAA=='), 'AAAAAA=='],
  ['without its padding', agentMessages.media('MZ', 'AAAAAA'), 'AAAAAA=='],
  ['of the URL’s letters', agentMessages.media('MZ', '-_-_'), '+/+/'],
  ['of nothing', agentMessages.media('MZ', ''), ''],
  ['in other words', '{"media":{"payload":"AAAA"},"event":"media"}', 'AAAA'],
  ['of another stream', agentMessages.media('MX', 'AAAA'), 'AAAA'],
  ['with an escape in it', agentMessages.media('MZ', '\\u0041AAA'), 'AAAA'],
  ['with a quotation mark in it', agentMessages.media('MZ', 'AA","event":"clear","a":"AA'), 'AA=='],
  ['cut off', agentMessages.media('MZ', 'AAAA').slice(0, -1), undefined],
])('sound %s', (_, second, heard) => {
  const reading = readAgentMessage(second)
  expect(afterOne(agentMessages.media('MZ', payload), second)).toEqual(heard ?? reading)
})

test('words are not learned where the sound stands twice', () => {
  const twice = (name: string, said: string): string =>
    `{"event":"media","name":"${name}","media":{"payload":"${said}"}}`
  expect(afterOne(twice(payload, payload), twice(payload, 'AAAA'))).toBe('AAAA')
  expect(afterOne(twice(payload, payload), twice('AAAA', payload))).toBe(payload)
})

test('whatever comes after whatever, it is heard as if it had been parsed', () => {
  const base64 = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('base64')),
    fc.string({ maxLength: 40 }),
  )
  const message = fc.oneof(
    fc.tuple(fc.constantFrom('MZ', 'MX'), base64).map(([sid, said]) => agentMessages.media(sid, said)),
    fc
      .tuple(base64, base64)
      .map(([id, said]) => JSON.stringify({ event: 'media', id, media: { payload: said } })),
    fc.string().map((name) => agentMessages.mark('MZ', name)),
    fc.string(),
  )
  fc.assert(
    fc.property(fc.array(message, { maxLength: 8 }), (messages) => {
      const reader = new AgentMessageReader()
      for (const each of messages) {
        const parsed = readAgentMessage(each)
        const heard = reader.read(Buffer.from(each))
        if (parsed.event === 'media')
          expect(heard).toEqual({ event: 'media', sound: Buffer.from(parsed.payload, 'base64') })
        else expect(heard).toEqual(parsed)
      }
    }),
    { numRuns: 300 },
  )
})
