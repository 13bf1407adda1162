import { expect, test } from 'vitest'
import type { KeptMessage } from './messages.ts'
import { SessionStore } from './session-store.ts'

const message = (text: string): KeptMessage => ({ role: 'user', text, padTokens: 0 })
const limits = { sessions: 3, idleMs: 1000, messages: 6 }

test.each([
  [0, []],
  [1, ['a3']],
  [3, ['a2', 'q3', 'a3']],
  [4, ['q2', 'a2', 'q3', 'a3']],
  [Infinity, ['q1', 'a1', 'q2', 'a2', 'q3', 'a3']],
])('a window of %d messages keeps %j', (window, kept) => {
  const store = new SessionStore(limits, () => false)
  const session = store.open('s', 0)!
  for (let turn = 0; turn <= 3; turn++)
    store.remember(session, message(`q${turn}`), message(`a${turn}`), window)
  expect(session.history.map(({ text }) => text)).toEqual(kept)
})

test('beyond the bound the session that was not used for longest is forgotten', () => {
  const store = new SessionStore(limits, () => false)
  for (const id of ['a', 'b', 'c']) store.open(id, 0)
  store.use('a', 1)
  store.open('d', 2)
  expect(['a', 'b', 'c', 'd'].map((id) => store.use(id, 3)?.id)).toEqual(['a', undefined, 'c', 'd'])
})

test('a session at work is not forgotten, and when all are there is no room', () => {
  const busy = new Set(['a'])
  const store = new SessionStore(limits, (id) => busy.has(id))
  for (const id of ['a', 'b', 'c', 'd']) store.open(id, 0)
  expect(store.use('a', 0)?.id).toBe('a')
  for (const id of ['c', 'd']) busy.add(id)
  expect(store.open('e', 0)).toBeUndefined()
})

test('idle sessions are forgotten when another one comes', () => {
  const store = new SessionStore(limits, () => false)
  store.open('a', 0)
  store.open('b', 900)
  store.open('c', 1500)
  expect(store.use('a', 1500)).toBeUndefined()
  expect(store.use('b', 1500)?.id).toBe('b')
  expect(store.size).toBe(2)
})
