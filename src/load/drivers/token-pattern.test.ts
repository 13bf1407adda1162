import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DriverResult, TurnObserver } from '../driver.ts'
import { type EventReader, type SharedPattern, endedEarly, eventReader } from './answer-readers.ts'
import { TokenPattern, eventEnd } from './token-pattern.ts'

type Seen = readonly [text: string, count: number]

/** Says `[text, count]` for each token that it heard, and how the answer ended. */
function heard(reader: (seen: Seen[]) => EventReader, pieces: readonly Buffer[], shared?: SharedPattern) {
  const seen: Seen[] = []
  const of: TurnObserver = { token() {}, header() {}, status() {}, text() {} }
  const common = shared ?? { newest: undefined }
  const stream = eventReader(
    of,
    (text) => text,
    () => 0,
    reader(seen),
    endedEarly,
    common,
  )
  let result: DriverResult | undefined = stream.start(200, { 'content-type': 'text/event-stream' })
  for (const piece of pieces) result ??= stream.data(piece, 0, piece.length)
  return { seen, result: result ?? stream.end() }
}

interface Said {
  readonly text?: unknown
  readonly n?: unknown
}

function parsed(data: string): Said {
  try {
    return (JSON.parse(data) ?? {}) as Said
  } catch {
    return {}
  }
}

const tokenOf = ({ text, n }: Said): { text: string; count: number } | undefined =>
  typeof text === 'string' ? { text, count: typeof n === 'number' ? n : 1 } : undefined

let taken = 0
const plain = (seen: Seen[]): EventReader => ({
  read({ data }) {
    const token = tokenOf(parsed(data))
    if (token) seen.push([token.text, token.count])
    return undefined
  },
})
const withPattern = (seen: Seen[]): EventReader => ({
  ...plain(seen),
  tokens: {
    wantsText: true,
    take(text, count) {
      taken++
      seen.push([text!, count])
    },
    of: ({ data }) => tokenOf(parsed(data)),
  },
})

const text = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', '"', '\\', ',', ':', '":"', 'text', 'n', 'plimsoll', '\n', 'é☂', '\u2028', '{', 'a"b'),
)
const form = fc.constantFrom<(text: string, ending: string) => string>(
  (said, n) => `event: token${n}data: {"text":${JSON.stringify(said)},"n":3}${n}${n}`,
  (said, n) => `data:{"n":1,"text": ${JSON.stringify(said)} }${n}${n}`,
  (said, n) => `data: {"text":"x","text":${JSON.stringify(said)}}${n}${n}`,
  (said, n) => `data: {"b":${JSON.stringify(said)},"text":${JSON.stringify(said)}}${n}${n}`,
  (said, n) => `data: {"text":"\\u0061","b":${JSON.stringify(said)}}${n}${n}`,
  (said, n) => `data: {"n":1,${n}data: "text":${JSON.stringify(said)}}${n}${n}`,
  (said, n) => `data: {"text":"${said}"}${n}${n}`,
  (said, n) => `: ${said}${n}${n}`,
)
const streams = fc
  .record({
    forms: fc.array(form, { minLength: 1, maxLength: 2 }),
    texts: fc.array(fc.tuple(text, fc.nat(1)), { minLength: 8, maxLength: 24, size: 'max' }),
    ending: fc.constantFrom('\n', '\n', '\n', '\r\n', '\r'),
    // Bytes that are no UTF-8, here and there.
    broken: fc.option(fc.tuple(fc.nat(400), fc.constantFrom(0xff, 0xc3, 0xe2, 0x22, 0x5c)), { freq: 1 }),
    cuts: fc.array(fc.nat(400), { maxLength: 4 }),
    byEvent: fc.boolean(),
  })
  .map(({ forms, texts, ending, broken, cuts, byEvent }) => {
    const events = texts.map(([said, which]) => Buffer.from(forms[which % forms.length]!(said, ending)))
    const all = Buffer.concat(events)
    if (broken && broken[0] < all.length) all[broken[0]] = broken[1]
    const ends = events.map((_, i) => Buffer.concat(events.slice(0, i + 1)).length)
    const at = [...new Set([0, ...(byEvent ? ends : []), ...cuts, all.length])]
      .filter((each) => each <= all.length)
      .sort((a, b) => a - b)
    return at.slice(1).map((to, i) => all.subarray(at[i], to))
  })

test('hears what a parser of every event hears, in any pieces', () => {
  taken = 0
  const shared: SharedPattern = { newest: undefined }
  fc.assert(
    fc.property(streams, (pieces) => {
      expect(heard(withPattern, pieces, shared)).toEqual(heard(plain, pieces))
    }),
    { numRuns: 3000, seed: 5 },
  )
  // Or nothing would have been tested.
  expect(taken).toBeGreaterThan(3000)
})

const learn = (event: string) =>
  TokenPattern.learn(Buffer.from(event), { of: ({ data }) => tokenOf(parsed(data)) })

test.each([
  ['a text that is written in another way', 'data: {"text":"\\u0061","b":"a"}\n\n', undefined],
  ['no text', 'data: {"text":""}\n\n', undefined],
  ['two events', 'data: {"text":"a"}\n\ndata: {"text":"b"}\n\n', undefined],
  ['an event that is not whole', 'data: {"text":"a"}\n', undefined],
  ['an event without a token', 'data: {"b":"a"}\n\n', undefined],
  ['the text among its like', 'data: {"b":"a","text":"a"}\n\n', 'data: {"b":"a","text":"'.length],
  ['the last of two', 'data: {"text":"a","text":"a"}\n\n', 'data: {"text":"a","text":"'.length],
])('the place of %s', (_, event, place) => {
  expect(learn(event)?.textAt).toBe(place)
})

test('an event ends with its empty line', () => {
  const end = (text: string): number => eventEnd(Buffer.from(text), 0, Buffer.byteLength(text))
  expect(['a\n\nb', 'a\r\n\r\nb', 'a\n\r\nb', 'a\nb', 'a\n', '\r\n\r\n'].map(end)).toEqual([
    3, 5, 4, -1, -1, 4,
  ])
})
