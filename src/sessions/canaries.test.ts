import { expect, test } from 'vitest'
import { canariesIn } from './canaries.ts'
import { textMarker } from './turn-key.ts'

const said = (session: number, turn: number, run = 7): string => `hello ${textMarker({ run, session, turn })}`

test.each([
  [[said(3, 2), said(3, 0), said(3, 1)], { own: [0, 1, 2], foreign: [] }],
  [[`${said(3, 1)} and ${said(3, 1)}`, said(4, 0), said(5, 9)], { own: [1], foreign: [4, 5] }],
  [[said(4, 0)], { own: [], foreign: [4] }],
  // Of another run, cut short, of a tool's arguments, or no mark at all.
  [[said(3, 0, 8), '(ref 00000007-3', '(ref 00000007-3-1-1.0.2)', 'hello'], undefined],
  [[], undefined],
  [
    Array.from({ length: 20 }, (_, i) => said(10 + i, 0)),
    { own: [], foreign: [10, 11, 12, 13, 14, 15, 16, 17] },
  ],
])('the canaries of a call: %#', (texts, seen) => {
  expect(canariesIn(texts, { run: 7, session: 3 })).toEqual(seen)
})
