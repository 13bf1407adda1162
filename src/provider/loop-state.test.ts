import { expect, test } from 'vitest'
import { callId, textMarker } from '../sessions/turn-key.ts'
import { retoldCall } from './loop-state.ts'

const turn = { run: 7, session: 3, turn: 1 }
const call = { ...turn, depth: 2, step: 1, index: 0 }

test('a conversation told anew as one text goes on from the last call of its turn', () => {
  const earlier = `${callId({ ...call, turn: 0 })} Good morning. ${textMarker({ ...turn, turn: 0 })}`
  const told = `${earlier} And my order? ${textMarker(turn)} ${callId(call)} is on its way`
  expect(retoldCall(told)).toEqual(call)
})

test.each([
  ['no mark', `my order ${callId(call)}`],
  ['a call before its mark', `${callId(call)} ${textMarker(turn)}`],
  ['a mark whose numbers are too long to be ours', `(ref 00000007-12345678901-1) ${callId(call)}`],
])('it begins a loop where there is %s', (_, told) => {
  expect(retoldCall(told)).toBeUndefined()
})
