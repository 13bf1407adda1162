import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProcess } from '../../test/in-process.ts'
import { exitCodes } from './exit-codes.ts'

const file = 'examples/voice-receptionist.yaml'

test('docs/voice-arithmetic.md shows what plan prints', async () => {
  const page = readFileSync('docs/voice-arithmetic.md', 'utf8')
  const [, shown] = /```console\n\$ plimsoll plan examples\/voice-receptionist\.yaml\n([\s\S]*?)\n```/.exec(
    page,
  )!
  const { stdout, code } = await inProcess(['plan', file])
  expect(stdout.trimEnd()).toBe(shown)
  // The carrier refuses more than the target, and the exit code says so.
  expect(code).toBe(exitCodes.objectiveMissed)
})

test('as JSON it is the same plan', async () => {
  const { stdout } = await inProcess(['plan', file, '--json'])
  expect(JSON.parse(stdout)).toMatchObject({
    phone: { channels: 344, people: { people: 34 }, chain: { binding: 'carrier' } },
  })
})

test.each([
  ['simulate', ['--users', '5'], 'calls come at a rate'],
  ['plan', ['--users', '5'], 'this file has only calls by telephone (phone)'],
  ['load', ['--users', '5', '--reference'], 'calls come at a rate'],
  ['load', ['--reference', '--speed', '10'], 'calls are played in real time'],
  ['find', ['--engine', 'load'], 'there is no agent to load'],
])('%s %j is refused, and says why', async (verb, flags, why) => {
  const { stderr, code } = await inProcess([verb, file, ...flags])
  expect(stderr).toContain(why)
  expect(code).toBe(exitCodes.badInput)
})
