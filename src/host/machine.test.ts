import { expect, test } from 'vitest'
import { machine } from './machine.ts'

test('the machine says what it is and what shared it', () => {
  const here = machine({ sharedWith: ['the agent', 'the provider'] })
  expect(here.cores).toBeGreaterThanOrEqual(1)
  expect(here.memoryBytes).toBeGreaterThan(2 ** 27)
  expect(here.node).toBe(process.version)
  expect(here.sharedWith.slice(0, 2)).toEqual(['the agent', 'the provider'])
})
