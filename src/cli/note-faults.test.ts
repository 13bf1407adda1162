import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inProcess } from '../../test/in-process.ts'

const file = (faults: string): string => `
users: { think: 1s }
scenarios: [{ name: a, depth: 1 }]
agent: { workers: 1, concurrency: 4 }
model: { output: 10, perToken: 10ms }
objectives: [turn p95 < 2s]
${faults}`

test.each([
  ['plan', 'faults: [{ fault: 503, share: 5% }]', true],
  ['plan', '', false],
  ['simulate', 'faults: [{ fault: cut }]', true],
])('%s of a file with «%s» says whether it leaves something out', async (verb, faults, expected) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-faults-'))
  writeFileSync(join(folder, 'w.yaml'), file(faults))
  const more = verb === 'simulate' ? ['--users', '2', '--duration', '1m'] : []
  const { code, stderr } = await inProcess([verb, 'w.yaml', ...more], { cwd: folder })
  rmSync(folder, { recursive: true })
  expect(code).toBe(0)
  expect(stderr.includes('played by the provider')).toBe(expected)
})
