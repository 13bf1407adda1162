import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readText } from './read-workload.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-workload-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['a workload', 1_200_000, undefined, 'has 1.2 MB; at most 1 MB are read'],
  ['another file', 20_000_000, 16_000_000, 'has 20 MB; at most 16 MB are read'],
])('%s that is too large is told its size and its own limit', (_, bytes, mostBytes, message) => {
  const file = join(folder, 'large')
  writeFileSync(file, '')
  truncateSync(file, bytes)
  expect(() => readText(file, mostBytes)).toThrow(message)
})
