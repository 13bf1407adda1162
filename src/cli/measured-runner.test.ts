import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { driverName, sides, turnDriverName } from './measured-runner.ts'

const read = (yaml: string) => parseWorkload(yaml).workload!
const calls = read('phone: { calls: 30/min, duration: 3m, blocked: 1% }')

test('hosts that may be loaded reach the load, not only the preflight', () => {
  const world = {
    targetUrl: 'https://agent.example',
    providerUrl: undefined,
    agent: undefined,
    allowTargets: ['agent.example'],
    close: () => Promise.resolve(),
  }
  const options = sides(read('users: { think: 1s }'), world, { speed: 1, marker: 'none' })
  expect(options).toMatchObject({ target: 'https://agent.example', allowTargets: ['agent.example'] })
})

test('callers speak twilio unless the file says otherwise, all others the session API', () => {
  expect(driverName(calls)).toBe('twilio')
  expect(driverName(read('users: { think: 1s }'))).toBe('sessions')
  expect(() => turnDriverName(calls)).toThrow('brings calls by telephone')
})
