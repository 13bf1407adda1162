import fc from 'fast-check'
import twilio from 'twilio'
import { expect, test } from 'vitest'
import { dialTwiml, isHandOff, readTwiml, streamOf, streamTwiml } from './twiml.ts'
import { isTwilioSignature, twilioSignature } from './twilio-signature.ts'

const { VoiceResponse } = twilio.twiml

test('the official library’s answer is read: verbs in order, the stream, its parameters', () => {
  const response = new VoiceResponse()
  response.say('One & only "moment"')
  const stream = response.connect().stream({ url: 'wss://agent.example/media?a=1&b=2' })
  stream.parameter({ name: 'caller', value: '<Anna>' })
  response.dial('+15550100')
  const verbs = readTwiml(response.toString())
  if (typeof verbs === 'string') throw new Error(verbs)
  expect(verbs.map(({ name }) => name)).toEqual(['Say', 'Connect', 'Dial'])
  expect(verbs[0]!.text).toBe('One & only "moment"')
  expect(streamOf(verbs[1]!)).toEqual({
    url: 'wss://agent.example/media?a=1&b=2',
    parameters: { caller: '<Anna>' },
  })
  expect(verbs.map(isHandOff)).toEqual([false, false, true])
})

test('what is written is what is read, whatever the parameters', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.stringMatching(/^[!-~]{0,9}$/)),
      (parameters) => {
        const stream = { url: 'wss://agent.example/media', parameters }
        const verbs = readTwiml(streamTwiml(stream))
        expect(typeof verbs === 'string' ? verbs : streamOf(verbs[0]!)).toEqual(stream)
      },
    ),
    { seed: 7 },
  )
  expect(readTwiml(dialTwiml('+15550100'))).toMatchObject([{ name: 'Dial', text: '+15550100' }])
})

test.each([
  ['', 'not XML'],
  ['<Response><Say></Response>', 'not XML'],
  ['<Answer/>', 'no <Response>'],
  ['{"url":"wss://agent.example"}', 'not XML'],
  [`<Response>${' '.repeat(70_000)}</Response>`, 'at most'],
])('%j is no TwiML, and says why', (text, why) => {
  expect(readTwiml(text)).toContain(why)
})

test('no text makes the reader throw', () => {
  const pieces = fc.constantFrom(
    '<',
    '>',
    '/',
    'Response',
    ' url="',
    '"',
    '&amp;',
    '&#0;',
    '<!--',
    '<![CDATA[',
  )
  fc.assert(
    fc.property(
      fc.array(pieces).map((parts) => parts.join('')),
      (text) => void readTwiml(text),
    ),
    { seed: 7 },
  )
})

test('signatures are those that the official library accepts, of any form', () => {
  const fields = fc.dictionary(fc.stringMatching(/^[A-Za-z]{1,8}$/), fc.string())
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fields, (token, form) => {
      const url = 'https://agent.example/voice?x=1'
      const signature = twilioSignature(token, url, form)
      expect(twilio.validateRequest(token, signature, url, form)).toBe(true)
      expect(isTwilioSignature(signature, token, url, form)).toBe(true)
      expect(isTwilioSignature(signature, `${token}x`, url, form)).toBe(false)
      expect(isTwilioSignature('', token, url, form)).toBe(false)
    }),
    { seed: 7, numRuns: 50 },
  )
})
