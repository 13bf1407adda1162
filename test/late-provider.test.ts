// Where the simulated provider was the limit, the numbers are not the agent's, and the exit code says so.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readWorkload } from '../src/cli/read-workload.ts'
import type { Summary } from '../src/result/summary.ts'
import { startFakeProvider } from './fake-provider.ts'
import { plimsoll } from './plimsoll.ts'

test('a run whose provider was late is not valid: exit 109, and why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-late-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'late.yaml')
  writeFileSync(file, 'name: late\nusers: { think: 10s }\nmodel: { output: 10, ttft: 1s }\n')
  const fake = await startFakeProvider(readWorkload(file, [], { note: () => {} }).hash, 10)
  onTestFinished(() => fake.close())
  fake.stats = { ...fake.stats, latenessP99Ms: 400 }
  const flags = ['--users', '2', '--speed', '10', '--warm-up', '0s', '--duration', '10s', '--no-preflight']
  const how = ['--reference', '--provider', fake.url, '--json', '--out', folder]
  const { code, stdout, stderr } = await plimsoll(['load', file, ...how, ...flags])
  expect(code, stderr).toBe(109)
  const { generator } = JSON.parse(stdout) as Summary
  expect(generator!.valid).toBe(false)
  expect(generator!.providerLatenessP99Ms).toBe(4000)
  expect(generator!.reasons.join('\n')).toMatch(/the simulated provider was late at p99: 4000 ms/)
})
