import { expect, test } from 'vitest'
import { isDeployment } from './find-against.ts'

test.each([
  ['http://127.0.0.1:8001', undefined, true],
  ['https://other.example', 'load', true],
  ['agent.workers=8', undefined, false],
  ['other.yaml', 'simulate', false],
] as const)('%s with --engine %s is a deployment: %s', (against, engine, expected) => {
  expect(isDeployment(against, engine)).toBe(expected)
})

test.each([
  ['http://127.0.0.1:8001', 'simulate', 'a URL is loaded'],
  ['agent.workers=8', 'load', 'a variant of the file is simulated'],
] as const)('%s does not go with --engine %s', (against, engine, message) => {
  expect(() => isDeployment(against, engine)).toThrow(message)
})
