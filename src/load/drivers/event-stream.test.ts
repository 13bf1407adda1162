import { createParser } from 'eventsource-parser'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventStream, type StreamEvent } from './event-stream.ts'
import { IncomingText } from './incoming-text.ts'

function ours(pieces: readonly string[], longest = Infinity): (StreamEvent | 'too long')[] {
  const events: (StreamEvent | 'too long')[] = []
  const stream = new EventStream<'too long'>((event) => void events.push(event), longest, 'too long')
  for (const piece of pieces) if (stream.feed(piece)) return [...events, 'too long']
  return events
}

function theirs(pieces: readonly string[]): StreamEvent[] {
  const events: StreamEvent[] = []
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data }) })
  for (const piece of pieces) parser.feed(piece)
  return events
}

const token = { event: 'token', data: '{"a":1}' }

test.each<[name: string, pieces: string[], events: StreamEvent[]]>([
  ['an event', ['event: token\ndata: {"a":1}\n\n'], [token]],
  ['a value without a space', ['event:token\ndata:{"a":1}\n\n'], [token]],
  ['only one space is left out', ['data:  x\n\n'], [{ event: undefined, data: ' x' }]],
  ['CRLF', ['event: token\r\ndata: {"a":1}\r\n\r\n'], [token]],
  ['CR', ['event: token\rdata: {"a":1}\r\r'], [token]],
  ['CRLF in two pieces', ['event: token\r', '\ndata: {"a":1}\r', '\n\r', '\n'], [token]],
  ['several lines', ['data: a\ndata\ndata: b\n\n'], [{ event: undefined, data: 'a\n\nb' }]],
  [
    'comments and other fields',
    [': hi\nid: 7\nretry: 10\ndatax: y\ndata: x\n\n'],
    [{ event: undefined, data: 'x' }],
  ],
  [
    'a name alone says nothing, and is forgotten',
    ['event: a\n\ndata: x\n\n'],
    [{ event: undefined, data: 'x' }],
  ],
  [
    'the last name counts, none at all where it is empty',
    ['event: a\nevent:\ndata: x\n\n'],
    [{ event: undefined, data: 'x' }],
  ],
  ['a mark of bytes', ['\uFEFFdata: x\n\n'], [{ event: undefined, data: 'x' }]],
  ['what is not ended is no event', ['data: x\n\ndata: y\n'], [{ event: undefined, data: 'x' }]],
  [
    'two in one piece, one in three',
    ['data: a\n\ndata: b\n\nda', 'ta: c', '\n\n'],
    ['a', 'b', 'c'].map((data) => ({ event: undefined, data })),
  ],
])('%s', (_, pieces, events) => {
  expect(ours(pieces)).toEqual(events)
})

test('a line that is too long ends it, whether it has ended or not', () => {
  expect(ours(['data: x\n\n', `data: ${'y'.repeat(20)}\n\n`], 20)).toEqual([
    { event: undefined, data: 'x' },
    'too long',
  ])
  expect(ours([`data: ${'y'.repeat(8)}`, 'y'.repeat(8)], 20)).toEqual(['too long'])
})

test('the first result ends it', () => {
  const seen: string[] = []
  const stream = new EventStream(
    ({ data }) => (seen.push(data), data === 'b' ? 'done' : undefined),
    100,
    'long',
  )
  expect(stream.feed('data: a\n\ndata: b\n\ndata: c\n\n')).toBe('done')
  expect(seen).toEqual(['a', 'b'])
})

const line = fc.constantFrom(
  'data: x',
  'data:y',
  'data:',
  'data',
  'event: e',
  'event:',
  'event',
  ': c',
  'id: 1',
  'data:  z ☂',
  '',
  '',
  'zz',
  ' data: q',
)
const ending = fc.constantFrom('\n', '\n', '\r\n', '\r')
const streams = fc
  .array(fc.tuple(line, ending), { maxLength: 12 })
  .map((lines) => lines.flat().join(''))
  .chain((text) =>
    fc.array(fc.nat(text.length), { maxLength: 5 }).map((cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length]
      return at.slice(1).map((to, i) => text.slice(at[i], to))
    }),
  )

test('reads what the library reads, in any pieces', () => {
  fc.assert(
    fc.property(streams, (pieces) => {
      expect(ours(pieces)).toEqual(theirs(pieces))
    }),
    { numRuns: 2000, seed: 1 },
  )
})

test('letters of several bytes come whole, in any pieces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.array(fc.nat(40)), (text, cuts) => {
      const bytes = Buffer.from(`x${text}y`)
      const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length]
      const incoming = new IncomingText()
      const read = at.slice(1).map((to, i) => incoming.write(bytes, at[i]!, to))
      expect(read.join('')).toBe(bytes.toString('utf8'))
    }),
    { numRuns: 200, seed: 1 },
  )
})

test('an event without an end is too long as well, however short its lines', () => {
  expect(ours(['data: xxxxxx\n', 'data: yyyyyy\n', 'data: zzzzzz\n'], 15)).toEqual(['too long'])
  expect(ours(['data: xxxxxx\n', 'data: yyyyyy\n\n', 'data: zzzzzz\n\n'], 15)).toHaveLength(2)
})
