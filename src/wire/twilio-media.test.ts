import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  agentMessages,
  connectedMessage,
  dtmfMessage,
  markMessage,
  mediaFrame,
  mediaMessage,
  readAgentMessage,
  readCarrierMessage,
  startMessage,
  stopMessage,
} from './twilio-media.ts'

const names = { accountSid: 'AC1', callSid: 'CA1', streamSid: 'MZ1' }
const payload = Buffer.alloc(mediaFrame.bytes, 0xff).toString('base64')

test.each([
  [connectedMessage, { event: 'connected' }],
  [
    startMessage(names, { caller: '+15550100' }),
    {
      event: 'start',
      names,
      customParameters: { caller: '+15550100' },
      encoding: 'audio/x-mulaw',
      sampleRate: 8000,
    },
  ],
  [mediaMessage('MZ1', 4, 2, 20, payload), { event: 'media', payload, timestampMs: 20 }],
  [dtmfMessage('MZ1', 5, '0'), { event: 'dtmf', digit: '0' }],
  [markMessage('MZ1', 6, 'said "it"'), { event: 'mark', name: 'said "it"' }],
  [stopMessage(names, 7), { event: 'stop' }],
])('the carrier’s message %s is read as it was meant', (text, message) => {
  expect(readCarrierMessage(text)).toEqual(message)
})

test('a frame of the carrier is as Twilio writes it', () => {
  expect(payload).toHaveLength(mediaFrame.characters)
  expect(JSON.parse(mediaMessage('MZ1', 4, 2, 20, 'AA=='))).toEqual({
    event: 'media',
    sequenceNumber: '4',
    media: { track: 'inbound', chunk: '2', timestamp: '20', payload: 'AA==' },
    streamSid: 'MZ1',
  })
})

test.each([
  [agentMessages.media('MZ1', payload), { event: 'media', payload }],
  [agentMessages.mark('MZ1', 'end'), { event: 'mark', name: 'end' }],
  [agentMessages.clear('MZ1'), { event: 'clear' }],
  ['{"event":"media","media":{}}', { event: 'fault', message: 'media without a payload' }],
  ['{"event":"mark"}', { event: 'fault', message: 'a mark without a name' }],
  ['{"event":"play"}', { event: 'fault', message: 'an unknown event' }],
  ['media', { event: 'fault', message: 'no JSON object' }],
  ['null', { event: 'fault', message: 'no JSON object' }],
])('the agent’s message %s is read as it was meant', (text, message) => {
  expect(readAgentMessage(text)).toEqual(message)
})

test('no text makes a reader throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      readAgentMessage(text)
      readCarrierMessage(text)
    }),
    { seed: 7 },
  )
})
