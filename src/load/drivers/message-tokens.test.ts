import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AnswerShape } from '../../workload/target.ts'
import type { TurnObserver } from '../driver.ts'
import { type EventReader, type SharedPattern, endedEarly, eventReader } from './answer-readers.ts'
import { messageTokens } from './message-tokens.ts'
import { MessageReader } from './read-message.ts'

/** What an observer hears of a stream, and how the answer ends. */
function heard(shape: AnswerShape, events: readonly string[], shared?: SharedPattern): unknown[] {
  const log: unknown[] = []
  const seen: TurnObserver = {
    status() {},
    text: (part) => void log.push(part),
    token: (atMs, count) => void log.push([atMs, count]),
    working: () => void log.push('working'),
  }
  const reader = new MessageReader(shape, seen, (text) => text)
  const tokens = shared && messageTokens(shape, reader, seen)
  const read: EventReader['read'] = ({ event = 'message', data }, atMs) => reader.readData(data, event, atMs)
  let nowMs = 0
  const stream = eventReader(
    seen,
    (text) => text,
    () => nowMs++,
    { read, ...(tokens ? { tokens } : {}) },
    () => (shape.end ? endedEarly() : reader.end()),
    shared ?? { newest: undefined },
  )
  let result = stream.start(200, { 'content-type': 'text/event-stream' })
  for (const event of events) {
    const bytes = Buffer.from(event)
    result ??= stream.data(bytes, 0, bytes.length)
  }
  return [...log, result ?? stream.end()]
}

const say = ['d', 'text']
const shapes: readonly (readonly [name: string, shape: AnswerShape, byPattern: boolean])[] = [
  ['text alone', { text: say }, true],
  ['with its tokens and an error', { text: say, tokens: ['n'], error: ['error'] }, true],
  [
    'of one kind, others show work',
    { text: say, when: { at: ['t'], is: ['say'] }, working: { at: ['w'] } },
    true,
  ],
  [
    'of a named event, ended by a mark',
    { text: say, when: { event: 'token' }, end: { data: '[DONE]' } },
    true,
  ],
  ['whose words end it', { text: say, end: { at: say, is: ['stop'] } }, false],
  ['whose words are work', { text: ['d', '0'], working: { at: ['d', '-1'], is: ['stop'] } }, false],
  ['whose data ends it', { text: say, end: { data: '{"d":{"text":"stop"}}' } }, false],
  ['with a first token of its own', { text: say, firstToken: { at: ['w'] } }, false],
  ['that names the session', { text: say, session: ['s'] }, false],
]

test.each(shapes)('a text %s: read by its pattern or not', (_, shape, byPattern) => {
  const reader = new MessageReader(shape, { token() {}, status() {}, text() {} }, (text) => text)
  expect(messageTokens(shape, reader, { token() {}, status() {}, text() {} }) !== undefined).toBe(byPattern)
})

const text = fc.constantFrom('a', 'b c', 'stop', '', 'say', '"', '\\', '☂', 'd', '1', '[DONE]')
const event = fc.record({ text, form: fc.nat(6) }).map(({ text: said, form }) => {
  const quoted = JSON.stringify(said)
  return [
    `data: {"d":{"text":${quoted}}}\n\n`,
    `event: token\ndata: {"t":"say","d":{"text":${quoted}},"n":2}\n\n`,
    `data: {"t":"say","d":{"text":${quoted}},"w":"x"}\n\n`,
    `data: {"d":[${quoted}]}\n\n`,
    `data: {"w":${quoted}}\n\n`,
    `data: {"d":{"text":${quoted}},"error":${said === 'stop' ? quoted : 'null'}}\n\n`,
    said === '[DONE]' ? 'data: [DONE]\n\n' : `data: {"s":"s1","d":{"text":${quoted}}}\n\n`,
  ][form]!
})
const streams = fc
  .array(fc.tuple(event, fc.nat(3)), { maxLength: 8 })
  .map((runs) => runs.flatMap(([each, times]) => Array.from({ length: times + 1 }, () => each)))

test('hears what a parser of every message hears', () => {
  fc.assert(
    fc.property(fc.constantFrom(...shapes), streams, ([, shape], events) => {
      expect(heard(shape, events, { newest: undefined })).toEqual(heard(shape, events))
    }),
    { numRuns: 1500, seed: 4 },
  )
})
