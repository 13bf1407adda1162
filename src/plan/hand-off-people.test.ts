import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { handOffPeople } from './hand-off-people.ts'
import { peopleNeeded } from './voice-sizing/people-needed.ts'

const file = (handOff: string): string => `
users: { think: 59s, turns: 4 }
scenarios:
  - { name: faq, weight: 3, turns: 2 }
  - { name: claim, weight: 1, turns: 6, handOff: ${handOff} }
model: { ttft: 1s }`

const handOff = '{ share: 10%, talk: 5m, patience: 3m, within: 30s, answered: 90%, atOnce: 2 }'

test('sessions of a scenario are its turns over the turns of one', () => {
  const workload = read(file(handOff))
  // 600 users make 600 turns a minute, 3 turns a session on average: 200 sessions, a quarter of them claims.
  expect(handOffPeople(workload, 600, 60)).toEqual([
    {
      ...peopleNeeded('claim', 50, workload.scenarios[1]!.handOff!),
      perHour: expect.closeTo(300, 6) as number,
      answered: expect.closeTo(0.94, 1) as number,
      givesUp: expect.any(Number) as number,
    },
  ])
})

test('nobody where nothing is handed off', () => {
  expect(handOffPeople(read(file(handOff).replace(/, handOff: \{.*?\}/, '')), 600, 60)).toEqual([])
})
