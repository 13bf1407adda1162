import { expect, test } from 'vitest'
import { createSessions } from '../sessions/sessions.ts'
import { read, told } from './fixture-read.ts'

const texts = [['a', 'b', 'c'], ['d'], ['e', 'f']]
const conversations = (): string[][] => texts
const file = (more = '') => `scenarios: [{ say: { file: talks.jsonl }${more} }]`

test('a session is one of the conversations, from its first message to its last', () => {
  const workload = read(file(), { conversations })
  expect(workload.scenarios[0]!.turns.mean).toBe(2)
  const sessions = createSessions(workload, 1, { users: 10 })
  const counts = new Map<string, number>()
  for (let session = 0; session < 3000; session++) {
    const said = Array.from({ length: sessions.turns(session) }, (_, turn) => sessions.text(session, turn))
    counts.set(said.join(), (counts.get(said.join()) ?? 0) + 1)
  }
  expect([...counts.keys()].sort()).toEqual(['a,b,c', 'd', 'e,f'])
  // Each a third of 3,000: within 4 standard deviations (26), once in 5,000 seeds not.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(104)
})

test('turns that are written go before those of the conversations, which then begin again', () => {
  const workload = read(file(', turns: 4'), { conversations })
  const sessions = createSessions(workload, 1, { users: 10 })
  for (let session = 0; session < 20; session++) {
    expect(sessions.turns(session)).toBe(4)
    expect(texts.flat()).toContain(sessions.text(session, 3))
  }
})

test('other texts are another workload', () => {
  const other = read(file(), { conversations: () => [['z']] })
  expect(other.hash).not.toBe(read(file(), { conversations }).hash)
})

test('what is wrong with the file is a mistake with a place', () => {
  const fails = (): never => {
    throw Object.assign(new Error('talks.jsonl, line 2 is not valid JSON'), { hint: 'a conversation a line' })
  }
  expect(told(file(), { conversations: fails })).toBe(
    'f.yaml:1:20: scenarios[0].say: talks.jsonl, line 2 is not valid JSON\n  hint: a conversation a line',
  )
  expect(told(file())).toContain('were not handed over')
})
