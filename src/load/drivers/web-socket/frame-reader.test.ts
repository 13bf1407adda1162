import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as library from 'ws'
import { FrameReader } from './frame-reader.ts'

/** What a reader tells of these pieces. */
function heard(pieces: readonly Buffer[], mostBytes = 1_000_000): unknown[] {
  const told: unknown[] = []
  const reader = new FrameReader(
    {
      message: (bytes, isBinary) => told.push([isBinary ? 'binary' : 'text', bytes.toString('latin1')]),
      ping: (bytes) => told.push(['ping', bytes.toString('latin1')]),
      goodbye: (code) => told.push(['goodbye', code]),
      fault: (kind) => told.push(['fault', kind]),
    },
    mostBytes,
  )
  // As sockets do: every piece is read into the same place.
  const place = Buffer.alloc(Math.max(0, ...pieces.map(({ length }) => length)))
  for (const piece of pieces) reader.read(place.subarray(0, piece.copy(place)))
  return told
}

/** How the library makes frames; its types leave it out. */
const { Sender } = library as unknown as {
  readonly Sender: { frame(data: Buffer, options: Readonly<Record<string, unknown>>): Buffer[] }
}
const frame = (opcode: number, data: Buffer, fin = true): Buffer =>
  Buffer.concat(Sender.frame(data, { opcode, fin, mask: false, readOnly: true, rsv1: false }))
const bytes = (...values: number[]): Buffer => Buffer.from(values)
const text = (length: number): Buffer => Buffer.alloc(length, 'x')

test.each<[string, Buffer, unknown[]]>([
  ['a text', frame(1, text(3)), [['text', 'xxx']]],
  ['bytes', frame(2, text(3)), [['binary', 'xxx']]],
  ['nothing', frame(1, text(0)), [['text', '']]],
  ['125 bytes', frame(1, text(125)), [['text', 'x'.repeat(125)]]],
  ['126 bytes', frame(1, text(126)), [['text', 'x'.repeat(126)]]],
  ['65,535 bytes', frame(1, text(65_535)), [['text', 'x'.repeat(65_535)]]],
  ['65,536 bytes', frame(1, text(65_536)), [['text', 'x'.repeat(65_536)]]],
  ['a ping', frame(9, text(2)), [['ping', 'xx']]],
  ['a pong', frame(10, text(2)), []],
  ['a goodbye', Buffer.concat([frame(8, bytes(3, 233)), frame(1, text(1))]), [['goodbye', 1001]]],
  ['a goodbye without a code', frame(8, text(0)), [['goodbye', 1005]]],
  ['a goodbye of half a code', frame(8, text(1)), [['fault', 'protocol']]],
  [
    'a ping within a message',
    Buffer.concat([frame(1, text(1), false), frame(9, text(0)), frame(0, text(1))]),
    [
      ['ping', ''],
      ['text', 'xx'],
    ],
  ],
  ['a continuation of nothing', frame(0, text(1)), [['fault', 'protocol']]],
  [
    'a message within a message',
    Buffer.concat([frame(1, text(1), false), frame(1, text(1))]),
    [['fault', 'protocol']],
  ],
  ['a masked frame', bytes(0x81, 0x81, 0, 0, 0, 0, 65), [['fault', 'protocol']]],
  ['a reserved bit', bytes(0xc1, 1, 65), [['fault', 'protocol']]],
  ['an unknown kind', bytes(0x83, 1, 65), [['fault', 'protocol']]],
  ['an unknown control', bytes(0x8b, 0), [['fault', 'protocol']]],
  ['a long ping', bytes(0x89, 126, 0, 126), [['fault', 'protocol']]],
  ['a ping in fragments', bytes(0x09, 0), [['fault', 'protocol']]],
  [
    'too long a message, known from its head',
    bytes(0x81, 127, 0, 0, 0, 0, 0, 15, 66, 65),
    [['fault', 'tooLong']],
  ],
  ['a message longer than numbers go', bytes(0x81, 127, ...text(8)), [['fault', 'tooLong']]],
])('%s, whole and byte by byte', (_, sent, told) => {
  expect(heard([sent])).toEqual(told)
  if (sent.length < 1000) expect(heard([...sent].map((byte) => bytes(byte)))).toEqual(told)
})

test('fragments together may not be longer than a message', () => {
  const sent = Buffer.concat([frame(1, text(60), false), frame(0, text(41), true)])
  expect(heard([sent], 100)).toEqual([['fault', 'tooLong']])
  expect(heard([sent], 101)).toEqual([['text', 'x'.repeat(101)]])
})

test('messages are the same in whatever fragments and pieces they come', () => {
  const message = fc.record({
    opcode: fc.constantFrom(1, 2),
    data: fc.uint8Array({ maxLength: 300 }).map((each) => Buffer.from(each)),
    cuts: fc.array(fc.nat(300), { maxLength: 3 }),
  })
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 700 }), { maxLength: 12 }),
      (messages, sizes) => {
        const sent = Buffer.concat(messages.map((each) => inFragments(each)))
        const expected = messages.map(({ opcode, data }) => [
          opcode === 1 ? 'text' : 'binary',
          data.toString('latin1'),
        ])
        expect(heard(cut(sent, sizes))).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

function inFragments({ opcode, data, cuts }: { opcode: number; data: Buffer; cuts: number[] }): Buffer {
  const ends = [...cuts.filter((at) => at < data.length).sort((a, b) => a - b), data.length]
  return Buffer.concat(
    ends.map((end, i) =>
      frame(i === 0 ? opcode : 0, data.subarray(ends[i - 1] ?? 0, end), i === ends.length - 1),
    ),
  )
}

function cut(sent: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = []
  let from = 0
  for (const size of sizes) {
    pieces.push(sent.subarray(from, from + size))
    from += size
  }
  return [...pieces, sent.subarray(from)]
}
