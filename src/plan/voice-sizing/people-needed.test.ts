import { expect, test } from 'vitest'
import { exponential } from '../../stats/distributions.ts'
import { erlangCServers } from '../formulas/erlang-c.ts'
import { peopleNeeded } from './people-needed.ts'

const talk = exponential(240_000, 'exponential(mean 4m)')
const handOff = { share: 0.08, talk, withinMs: 20_000, answered: 0.8, atOnce: 1 }

test('8 of 100 calls a minute, 4 minutes each: 34 people with a patience of 2 minutes, 37 without end', () => {
  const patient = peopleNeeded('calls', 100, handOff)
  expect(patient.people).toBe(erlangCServers(8 / 60_000, 240_000, 0.8, 20_000))
  expect([patient.people, patient.givesUp]).toEqual([37, 0])
  const patience = exponential(120_000, 'exponential(mean 2m)')
  const need = peopleNeeded('calls', 100, { ...handOff, patience })
  expect(need).toMatchObject({ people: 34, perHour: 480 })
  expect(need.answered).toBeGreaterThanOrEqual(0.8)
  expect(need.givesUp).toBeGreaterThan(0)
})

test('one person holds several chats; nothing handed over needs nobody', () => {
  expect(peopleNeeded('faq', 100, { ...handOff, atOnce: 3 }).people).toBe(Math.ceil(37 / 3))
  expect(peopleNeeded('faq', 0, handOff).people).toBe(0)
})
