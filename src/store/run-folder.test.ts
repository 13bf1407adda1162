import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { refusedTurn } from '../result/fixture-records.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import type { CallRecord, ScriptSample, TurnRecord } from '../result/records.ts'
import type { Run } from '../result/run.ts'
import { damage } from './fixture-damage.ts'
import { openRun } from './open-run.ts'
import { batchRows, type RecordStore } from './record-store.ts'
import { createRunFolder, safeName } from './run-folder.ts'
import { schemaVersion } from './schema.ts'

const startedAt = new Date('2026-11-21T10:12:33.456Z')
const turn = refusedTurn()
const watchedTurn: TurnRecord = {
  ...turn,
  turn: 2,
  usefulAtMs: Number.NaN,
  refusals: { refused: 2, retries: 1, told: 2, obeyed: 1, lostMs: 800.5 },
}
const phone: PhoneRecord = {
  kind: 'phone',
  session: 3,
  scenario: 0,
  offeredAtMs: 10,
  grantedAtMs: 12.5,
  answeredAtMs: NaN,
  endedAtMs: 99,
  ending: 'failed',
  interruptions: 2,
  bargeInStopMs: [120, 300.5],
  talkedOver: 1,
  gaps: 1,
  longestGapMs: 250,
}

const sample: ScriptSample = {
  kind: 'check',
  name: 'it was booked',
  value: 1,
  atMs: 12.5,
  scenario: 'asks',
  tags: { plan: 'pro' },
}

const call: CallRecord = {
  kind: 'model',
  service: 0,
  session: 3,
  turn: 1,
  step: 1,
  attempt: 0,
  sentAtMs: 20,
  firstTokenAtMs: 480,
  endedAtMs: 800,
  inputTokens: 1200,
  cachedTokens: 700,
  outputTokens: 33,
  maxTokens: Number.NaN,
  depth: 2,
  outcome: 'completed',
  errorKind: 'none',
  status: 200,
  joinedBy: 'id',
}
const run: Run = {
  format: 1,
  runId: 'r1',
  version: '0.1.0',
  startedAt: startedAt.toISOString(),
  command: 'plimsoll load a.yaml --target https://agent.acme.example/v1 --users 5',
  workload: {
    name: 'a',
    hash: 'h',
    file: '/home/alice/a.yaml',
    inputs: { given: 1, preset: 0, measured: 0, guessed: 0 },
  },
  machine: { cpuModel: 'c', cores: 2, memoryBytes: 1, platform: 'linux', node: 'v26', sharedWith: [] },
  speed: 1,
  summaries: [],
  capacities: [],
  verdict: [],
  notes: ['connect ECONNREFUSED 10.9.8.7:80'],
}

let root = ''
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'plimsoll-store-'))))
afterEach(() => rmSync(root, { recursive: true, force: true }))

function beginProbe(records: RecordStore, users = 5) {
  return records.beginProbe({
    origin: 'measured',
    level: { users },
    seed: 7,
    warmupMs: 1000,
    measuredMs: 9000,
  })
}

describe('createRunFolder', () => {
  test.each([
    ['Customer Support', 'customer-support'],
    ['../../etc/passwd', 'etc-passwd'],
    ['Süßes <b>Café</b>', 'su-es-b-cafe-b'],
    ['', 'run'],
    ['\u001b[31m', '31m'],
    ['x'.repeat(200), 'x'.repeat(60)],
  ])('%j becomes a safe folder name', (name, expected) => {
    expect(safeName(name)).toBe(expected)
  })

  test('is named after the time and the workload, and never shared', () => {
    const first = createRunFolder({ root, name: 'a b', startedAt })
    const second = createRunFolder({ root, name: 'a b', startedAt })
    first.close()
    second.close()
    expect(readdirSync(root)).toEqual(['2026-11-21T10-12-33-a-b', '2026-11-21T10-12-33-a-b-2'])
  })

  test('holds exactly the four files when it is closed', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    folder.writeRun(run)
    folder.writeSummary({ summaries: [], capacities: [] })
    folder.writeReport('<p>')
    folder.close()
    folder.close()
    expect(readdirSync(folder.path).sort()).toEqual([
      'records.sqlite',
      'report.html',
      'run.json',
      'summary.json',
    ])
    expect(readFileSync(folder.reportPath, 'utf8')).toBe('<p>')
  })

  test('run.json names no host and no folder of the machine', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    folder.writeRun(run)
    folder.close()
    const text = readFileSync(join(folder.path, 'run.json'), 'utf8')
    for (const secret of ['acme', '10.9.8.7', 'alice']) expect(text).not.toContain(secret)
    expect(openRun(folder.path).run?.command).toBe('plimsoll load a.yaml --target <remote target> --users 5')
  })
})

describe('records', () => {
  test('come back as they were, with the probes apart', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    const first = beginProbe(folder.records, 5)
    first.sink(turn)
    first.sink(watchedTurn)
    first.sink(call)
    first.sink(phone)
    first.sink(sample)
    first.end()
    const second = folder.records.beginProbe({ origin: 'simulated', level: { sessionsPerSecond: 2.5 } })
    second.sink({ ...turn, session: 4 })
    second.end()
    folder.close()
    const opened = openRun(folder.path)
    expect(opened.probes).toEqual([
      {
        id: 1,
        origin: 'measured',
        level: { users: 5 },
        seed: 7,
        warmupMs: 1000,
        measuredMs: 9000,
        finished: true,
      },
      { id: 2, origin: 'simulated', level: { sessionsPerSecond: 2.5 }, finished: true },
    ])
    expect([...opened.readTurns(1)]).toEqual([turn, watchedTurn])
    expect([...opened.readTurns(2)]).toEqual([{ ...turn, session: 4 }])
    expect([...opened.readTurns()]).toHaveLength(3)
    expect([...opened.readCalls()]).toEqual([call])
    expect([...opened.readPhone()]).toEqual([phone])
    expect([...opened.readSamples(1)]).toEqual([sample])
    opened.close()
  })

  test('a sink keeps a copy: the record may be reused', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    const probe = beginProbe(folder.records)
    const reused = { ...turn }
    for (let session = 0; session < 3; session += 1) probe.sink(Object.assign(reused, { session }))
    folder.close()
    const opened = openRun(folder.path)
    expect([...opened.readTurns()].map((record) => record.session)).toEqual([0, 1, 2])
    opened.close()
  })

  test('the buffer is bounded: a full batch is written without being asked', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    const probe = beginProbe(folder.records)
    for (let session = 0; session < batchRows + 10; session += 1) probe.sink({ ...turn, session })
    expect(folder.records.rowsWritten).toBe(batchRows)
    folder.records.flush()
    expect(folder.records.rowsWritten).toBe(batchRows + 10)
    folder.close()
  })

  test('a flush that fails leaves them for the next one, each once', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    const probe = beginProbe(folder.records)
    probe.sink(turn)
    probe.sink(call)
    const other = new DatabaseSync(join(folder.path, 'records.sqlite'))
    other.exec('begin immediate')
    expect(() => folder.records.flush()).toThrow('locked')
    expect(folder.records.rowsWritten).toBe(0)
    other.close()
    folder.records.flush()
    expect(folder.records.rowsWritten).toBe(2)
    folder.close()
    const opened = openRun(folder.path)
    expect([...opened.readTurns(), ...opened.readCalls()]).toEqual([turn, call])
    opened.close()
  })

  test('can be read while the run goes on', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    const probe = beginProbe(folder.records)
    probe.sink(turn)
    folder.records.flush()
    const opened = openRun(folder.path)
    expect([...opened.readTurns()]).toEqual([turn])
    expect(opened.probes[0]?.finished).toBe(false)
    opened.close()
    folder.close()
  })

  test('survive the death of the process', async () => {
    const store = new URL('./run-folder.ts', import.meta.url).href
    const script = `
      import { createRunFolder } from ${JSON.stringify(store)}
      const folder = createRunFolder({ root: ${JSON.stringify(root)}, name: 'killed', startedAt: new Date(0) })
      const probe = folder.records.beginProbe({ origin: 'measured', level: { users: 1 } })
      const turn = ${JSON.stringify({ ...turn, firstTokenAtMs: 5 })}
      for (let session = 0; session < 2500; session += 1) probe.sink({ ...turn, session })
      folder.records.flush()
      probe.sink({ ...turn, session: 9999 })
      process.stdout.write('flushed')
      setInterval(() => {}, 1000)
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    const exited = once(child, 'exit')
    process.kill(child.pid as number, 'SIGKILL')
    await exited
    const opened = openRun(join(root, '1970-01-01T00-00-00-killed'))
    const sessions = [...opened.readTurns()].map((record) => record.session)
    expect(sessions.filter((session) => session < 2500)).toHaveLength(2500)
    expect(opened.probes).toMatchObject([{ id: 1, finished: false }])
    expect(opened.problems.map((problem) => problem.code)).toEqual(['run_json_missing'])
    opened.close()
  })
})

describe('openRun', () => {
  test('a path into the folder opens the run', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    folder.writeRun(run)
    folder.close()
    const opened = openRun(join(folder.path, 'run.json'))
    expect(opened.problems).toEqual([])
    expect(opened.run?.runId).toBe('r1')
    opened.close()
  })

  test('says what is wrong with a folder that is not a run', () => {
    expect(openRun(join(root, 'absent')).problems).toMatchObject([{ code: 'run_not_found' }])
    expect(openRun(root).problems).toMatchObject([
      { code: 'not_a_run', hint: expect.stringContaining('run.json') },
    ])
    expect([...openRun(root).readTurns()]).toEqual([])
  })

  test('collects everything that is wrong', () => {
    writeFileSync(join(root, 'run.json'), '{ "format": 1')
    writeFileSync(join(root, 'records.sqlite'), 'this is no database, but it is long enough to be looked at')
    expect(openRun(root).problems.map((problem) => problem.code)).toEqual([
      'run_json_broken',
      'records_broken',
    ])
  })

  test('of a database that is damaged in the middle probes are told, and reading its turns says what is wrong', () => {
    const folder = createRunFolder({ root, name: 'a', startedAt })
    const probe = folder.records.beginProbe({ origin: 'measured', level: { users: 1 } })
    for (let session = 0; session < 2000; session += 1) probe.sink({ ...turn, session })
    probe.end()
    folder.close()
    const path = join(folder.path, 'records.sqlite')
    damage(path)
    const opened = openRun(folder.path)
    expect(opened.probes).toMatchObject([{ id: 1, finished: true }])
    expect(() => [...opened.readTurns()]).toThrow(`${path} is not readable: database disk image is malformed`)
    opened.close()
  })

  test('a database of something else is not one of records', () => {
    const path = join(root, 'records.sqlite')
    const database = new DatabaseSync(path)
    database.exec(`pragma user_version = ${schemaVersion}`)
    database.close()
    expect(openRun(root).problems).toMatchObject([
      { code: 'run_json_missing' },
      { code: 'records_broken', message: `${path} is not readable: no such table: probes` },
    ])
  })

  test('refuses the formats of other versions', () => {
    writeFileSync(join(root, 'run.json'), JSON.stringify({ ...run, format: 2 }))
    expect(openRun(root).problems).toMatchObject([{ code: 'format_unknown' }])
  })
})

test.runIf(existsSync('/proc/self'))('a file system that takes no folders says so at once', () => {
  expect(() => createRunFolder({ root: '/proc/no/such', name: 'a run', startedAt: new Date(0) })).toThrow(
    'ENOENT',
  )
})
