import { expect, test } from 'vitest'
import { createSessions } from '../sessions/sessions.ts'
import { read } from '../workload/fixture-read.ts'
import { type FaultCoordinates, Faults } from './faults.ts'

const at: FaultCoordinates = { kind: 'model', index: 0, session: 0, turn: 0, step: 1, attempt: 0 }

function played(faults: string) {
  const workload = read(`models: { main: { output: 5 }, backup: { output: 5 } }\nfaults: ${faults}\n`)
  const sessions = createSessions(workload, 1, { users: 1 })
  const list = new Faults(workload.faults ?? [])
  return (sinceMs: number, call: Partial<FaultCoordinates> = {}) =>
    list.draw(sessions, { ...at, ...call }, sinceMs)?.fault.name
}

test.each([
  ['from: 1m, to: 90s', [60, 89.9], [0, 59.9, 90, 3600]],
  ['from: 1m, to: 90s, every: 5m', [60, 89.9, 360, 389.9, 3660], [0, 59.9, 90, 359.9, 390, 3690]],
  ['from: 0s, to: 10s, every: 20s', [0, 9.9, 20, 40], [10, 19.9, 30]],
  ['from: 1m', [60, 1e6], [0, 59.9]],
  ['to: 1m', [0, 59.9], [60, 1e6]],
])('by schedule, %s: it hits from its beginning to its end, and no other time', (schedule, hit, spared) => {
  const draw = played(`[{ fault: 503, ${schedule} }]`)
  expect(hit.map((seconds) => draw(seconds * 1000))).toEqual(hit.map(() => '503'))
  expect(spared.map((seconds) => draw(seconds * 1000))).toEqual(spared.map(() => undefined))
})

test('the first that hits is played, each on what it is on and in the tries that it is for', () => {
  const draw = played('[{ fault: 429, on: backup }, { fault: 529, tries: 1 }, { fault: 500, from: 1m }]')
  expect(draw(0)).toBe('529')
  expect(draw(0, { attempt: 1 })).toBeUndefined()
  expect(draw(60_000, { attempt: 1 })).toBe('500')
  expect(draw(60_000, { index: 1, attempt: 1 })).toBe('429')
  expect(draw(60_000, { kind: 'tool' })).toBeUndefined()
})

test('by rate, of 20,000 calls as many as the share says, within four standard deviations, and the same again', () => {
  const hitOf = () => {
    const draw = played('[{ fault: 429, share: 2% }]')
    return Array.from({ length: 20_000 }, (_, session) => session).filter((session) => draw(0, { session }))
  }
  const hit = hitOf()
  expect(Math.abs(hit.length - 400)).toBeLessThan(4 * Math.sqrt(400 * 0.98))
  expect(hitOf()).toEqual(hit)
})
