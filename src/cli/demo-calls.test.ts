import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { keepSignals } from '../../test/in-process.ts'
import { sampleProcess } from '../host/sample-process.ts'
import { fixtureRun } from '../report/fixture-run.ts'
import type { Capacity } from '../result/capacity.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { playRealCalls, realCallsOf } from './demo-calls.ts'
import { createIo } from './io.ts'
import { parseOverride } from './read-workload.ts'

const phoneOf = (duration: string) =>
  parseWorkload(`phone: { calls: 100/min, duration: ${duration}, blocked: 1% }`).workload!.phone!

const capacity = (runAt: number, heldMs: number): Capacity => ({
  origin: 'simulated',
  level: { sessionsPerSecond: 1 },
  phone: { heldMs },
  runAt,
  probes: [],
})

test.each<[string, string, Capacity | undefined, readonly string[], number]>([
  [
    'long calls are shortened, and come as much more often',
    'lognormal(mean 3m cv 0.8)',
    capacity(0.05, 180_000),
    ['phone.duration=lognormal(mean 15000ms cv 0.8)', 'phone.calls=36/min'],
    9,
  ],
  [
    'as many as any machine plays',
    '3m',
    capacity(1, 180_000),
    ['phone.duration=15000ms', 'phone.calls=80/min'],
    20,
  ],
  ['short ones stay', '10s', capacity(0.5, 10_000), ['phone.calls=30/min'], 5],
  ['where nothing holds', '10s', capacity(0, 10_000), ['phone.calls=120/min'], 20],
  ['without an answer', '10s', undefined, ['phone.calls=120/min'], 20],
])('real calls of a demo: %s', (_, duration, found, set, atOnce) => {
  const calls = realCallsOf(phoneOf(duration), found)
  expect(calls.set).toEqual(set)
  expect(calls.atOnce).toBeCloseTo(atOnce, 9)
})

test('a file takes what it is told', () => {
  const duration = 'lognormal(mean 3m cv 0.8)'
  const { set } = realCallsOf(phoneOf(duration), capacity(0.05, 180_000))
  const { workload, problems } = parseWorkload(
    `phone: { calls: 9/min, duration: ${duration}, blocked: 1% }`,
    {
      overrides: set.map((each) => parseOverride(each)),
    },
  )
  expect(problems).toEqual([])
  expect(workload!.phone!.callsPerMinute).toBe(36)
  expect(workload!.phone!.duration.mean).toBeCloseTo(15_000, 6)
})

test('a demo whose run cannot be kept leaves no page and no process behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-demo-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'calls.yaml')
  const text = 'phone: { calls: 9/min, duration: 10s, blocked: 1% }\nmodel: { output: 1 }\n'
  writeFileSync(file, text)
  onTestFinished(keepSignals())
  const notes: string[] = []
  const io = { ...createIo({ quiet: true }), note: (text: string) => void notes.push(text) }
  const ours = async (): Promise<number> => (await sampleProcess(process.pid)).processes
  const before = await ours()
  const around = { set: [], seed: 1, preflight: false, marker: 'none', live: true } as const
  const { phone } = parseWorkload(text).workload!
  const played = playRealCalls(fixtureRun(), { ...around, file, out: file }, phone!, io)
  await expect(played).rejects.toThrow(`no run can be kept under ${file}`)
  const page = notes.find((note) => note.startsWith('live: '))!.slice('live: '.length)
  await expect(fetch(page)).rejects.toThrow()
  expect(await ours()).toBeLessThanOrEqual(before)
})
