import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { exitCodes } from '../src/cli/exit-codes.ts'
import { fixtureRun } from '../src/report/fixture-run.ts'
import { refusedTurn } from '../src/result/fixture-records.ts'
import { damage } from '../src/store/fixture-damage.ts'
import { createRunFolder } from '../src/store/run-folder.ts'
import { inProcess } from './in-process.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-damaged-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('report of a killed run whose records are damaged says so, and calls it no bug', async () => {
  const folder = createRunFolder({ root, name: 'a', startedAt: new Date(0) })
  const { endedAt: _, ...begun } = fixtureRun()
  folder.writeRun(begun)
  const probe = folder.records.beginProbe({ origin: 'measured', level: { users: 1 } })
  for (let session = 0; session < 2000; session += 1) probe.sink(refusedTurn({ session }))
  probe.end()
  folder.close()
  const path = join(folder.path, 'records.sqlite')
  damage(path)
  const { code, stderr } = await inProcess(['report', folder.path], { cwd: root })
  expect(stderr).toContain(`${path} is not readable: database disk image is malformed`)
  expect(stderr).not.toContain('bug')
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(code).toBe(exitCodes.badInput)
})
