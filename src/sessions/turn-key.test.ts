import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  callId,
  callsInText,
  firstUnknownSession,
  parseCallId,
  runNumber,
  textMarker,
  traceparent,
  turnOfText,
  turnOfTraceparent,
  withoutMark,
  unknownSession,
} from './turn-key.ts'

const word = fc.integer({ min: 0, max: 0xffff_ffff })
const key = fc.record({ run: word, session: word, turn: word })

test('a turn survives traceparent, text and tool-call id', () => {
  fc.assert(
    fc.property(key, fc.nat(500), fc.nat(500), fc.nat(50), fc.string(), (turn, depth, step, index, text) => {
      expect(turnOfTraceparent(traceparent(turn, step))).toEqual(turn)
      expect(turnOfText(`${text} ${textMarker(turn)}`)).toEqual(turn)
      const call = { ...turn, depth, step, index }
      expect(parseCallId(callId(call))).toEqual(call)
      expect(parseCallId(callId(call, 'toolu'))).toEqual(call)
      const inner = { ...call, inner: { tool: (index % 4) - 1, lane: turn.session } }
      expect(parseCallId(callId(inner))).toEqual(inner)
      expect(callsInText(`${text}"${callId(call)}", "${callId(inner, 'tooluse')}".`)).toEqual([call, inner])
      const asked = { ...turn, asked: { step, index, tool: depth } }
      expect(turnOfText(`${text} ${textMarker(asked)}`)).toEqual(asked)
      const nested = { ...turn, asked: { step, index, tool: depth, lane: turn.run } }
      expect(turnOfText(`${text} ${textMarker(nested)}`)).toEqual(nested)
    }),
  )
})

test('the last mark in a text wins, since history stands before it', () => {
  const old = { run: 1, session: 2, turn: 3 }
  const now = { run: 1, session: 2, turn: 4 }
  expect(turnOfText(`${textMarker(old)} and then ${textMarker(now)}`)).toEqual(now)
})

test.each([
  '',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'call_abc',
  'call_1_2_3_4_5_6',
  'nonsense',
])('what is not ours is not read: %s', (text) => {
  expect(turnOfTraceparent(text)).toBeUndefined()
  expect(turnOfText(text)).toBeUndefined()
  expect(parseCallId(text)).toBeUndefined()
})

test('a message is known without the mark at its end, and no more of it', () => {
  const turn = { run: 1, session: 2, turn: 3 }
  const marked = `My (ref number) is here ${textMarker(turn)}`
  expect(withoutMark(marked)).toBe('My (ref number) is here')
  expect(withoutMark(`${marked} and more`)).toBe(`${marked} and more`)
})

test('any string is read or refused, never thrown at', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      turnOfTraceparent(text)
      turnOfText(text)
      parseCallId(text)
      expect(unknownSession(text)).toBeGreaterThanOrEqual(firstUnknownSession)
      expect(runNumber(text)).toBeLessThan(2 ** 32)
    }),
  )
})
