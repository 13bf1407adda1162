import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { fixtureRun } from '../report/fixture-run.ts'
import { refusedTurn } from '../result/fixture-records.ts'
import type { TurnRecord } from '../result/records.ts'
import { createRunFolder } from '../store/run-folder.ts'
import type { Io } from './io.ts'
import { writeReports } from './report-outputs.ts'

const root = mkdtempSync(join(tmpdir(), 'plimsoll-outputs-'))
afterAll(() => rmSync(root, { recursive: true }))

const io = { note: () => {} } as Partial<Io> as Io
const turn = refusedTurn({
  usefulAtMs: NaN,
  refusals: { refused: 2, retries: 1, told: 2, obeyed: 1, lostMs: 800.5 },
})

function folderWith(turns: readonly TurnRecord[]): string {
  const folder = createRunFolder({ root, name: 'kept', startedAt: new Date(0) })
  const probe = folder.records.beginProbe({
    origin: 'measured',
    level: { users: 1 },
    seed: 1,
    warmupMs: 0,
    measuredMs: 1000,
  })
  for (const each of turns) probe.sink(each)
  probe.end()
  folder.close()
  return folder.path
}

test('turns are lines of raw instants, however many; what cannot be written is told', async () => {
  const turns = Array.from({ length: 3000 }, (_, i) => ({ ...turn, turn: i }))
  const to = join(root, 'turns.csv')
  const path = folderWith(turns)
  await writeReports(fixtureRun(), [{ form: 'turns', to }], path, io)
  const lines = readFileSync(to, 'utf8').trimEnd().split('\n')
  expect(lines).toHaveLength(3001)
  expect(lines[0]).toMatch(/^probe,session,turn,.*,refused,retries,told,obeyed,lostMs$/)
  expect(lines.at(-1)).toBe('1,3,2999,0,10.5,11,,900.25,0,failed,rate_limited,429,,2,1,2,1,800.5')
  const nowhere = { form: 'turns', to: join(root, 'missing', 'turns.csv') }
  await expect(writeReports(fixtureRun(), [nowhere], path, io)).rejects.toThrow(
    /turns: nothing came to .*ENOENT/,
  )
  await expect(writeReports(fixtureRun(), [nowhere], undefined, io)).rejects.toThrow(/without a folder/)
})
