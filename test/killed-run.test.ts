import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRun } from '../src/store/open-run.ts'
import type { Summary } from '../src/result/summary.ts'
import { inProcess } from './in-process.ts'
import { killLeftovers, startPlimsoll, until, untilGone } from './running.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-killed-'))
afterAll(killLeftovers)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const workload = `name: killed
users: { think: 100ms }
agent: { workers: 1, concurrency: 10 }
model: { output: 10, ttft: 20ms, perToken: 1ms }
objectives: [turn p95 < 5s, errors < 1%, checks rate > 50%]
`
const script = `import { scenario } from 'plimsoll'
export default scenario({ tags: { plan: 'pro' } }, async ({ agent, check }) => {
  check('an answer', (await agent.say('Hello')).ok)
})
`
let run = ''
let turnsLeft = 0

/** Turns on disk, while the run that writes them goes on. */
function turnsOnDisk(): number {
  const [name] = readdirSync(join(folder, 'runs'))
  const opened = openRun(join(folder, 'runs', name!))
  const turns = [...opened.readTurns()].length
  opened.close()
  return turns
}

// Killed with SIGKILL, which no process can answer, in the middle of an hour's load.
beforeAll(async () => {
  writeFileSync(join(folder, 'killed.yaml'), workload)
  writeFileSync(join(folder, 'killed.ts'), script)
  const args = [
    'load',
    'killed.yaml',
    '--reference',
    '--script',
    'killed.ts',
    '--threshold',
    'turn p90 < 4s',
    '--threshold',
    'checks{plan:pro}: rate>0.4',
    '--users',
    '3',
    '--warm-up',
    '200ms',
    '--duration',
    '1h',
  ]
  const running = startPlimsoll(args, { cwd: folder })
  await running.said(/^loading/m)
  const children = await running.children()
  await until(() => turnsOnDisk() >= 10)
  running.kill('SIGKILL')
  await running.finished
  expect(children.length).toBeGreaterThanOrEqual(2)
  await untilGone(children)
  run = join('runs', readdirSync(join(folder, 'runs'))[0]!)
  turnsLeft = turnsOnDisk()
})

test('report tells a killed run from its records', async () => {
  const { code, stdout, stderr } = await inProcess(['report', run], { cwd: folder })
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(code).toBe(0)
  expect(stdout).toMatch(/INTERRUPTED/)
  expect(stdout).toMatch(/the run was killed/)
  expect(stdout).toMatch(/killed at 3 users/)
  expect(stdout).not.toContain('report.html')
  const json = await inProcess(['report', run, '--json'], { cwd: folder })
  const [summary] = (JSON.parse(json.stdout) as { summaries: Summary[] }).summaries
  const { completed, failed, abandoned, rejected } = summary!.turns
  expect(completed).toBeGreaterThan(0)
  expect(completed! + failed! + abandoned! + rejected!).toBeLessThanOrEqual(turnsLeft)
  expect(summary!.origin).toBe('measured')
  expect(summary!.latency.turnMs!.mean).toBeGreaterThan(0)
  expect(summary!.script!.checks!['an answer']!.count).toBeGreaterThan(0)
  expect(summary!.script!.tags!['plan:pro']!.completed).toBe(completed)
  const objectives = summary!.objectives.map(({ text }) => text)
  expect(objectives).toEqual([
    'turn p95 < 5s',
    'errors < 1%',
    'turn p90 < 4s',
    'checks rate > 50%',
    'checks{plan:pro}: rate>0.4',
  ])
})

test('without its workload file, or with another one, it says what to pass', async () => {
  rmSync(join(folder, 'killed.yaml'))
  const missing = await inProcess(['report', run], { cwd: folder })
  expect(missing).toMatchObject({ code: 104, stdout: '' })
  expect(missing.stderr).toMatch(/hint: plimsoll report .* --workload killed\.yaml/)
  writeFileSync(join(folder, 'moved.yaml'), workload)
  const moved = await inProcess(['report', run, '--workload', 'moved.yaml'], { cwd: folder })
  expect(moved).toMatchObject({ code: 0 })
  const other = await inProcess(['report', run, '--workload', 'moved.yaml', '--set', 'users.think=9s'], {
    cwd: folder,
  })
  expect(other).toMatchObject({ code: 104, stdout: '' })
  expect(other.stderr).toMatch(/hash/)
})

test('the other files say that it did not end', () => {
  const stored = JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')) as { endedAt?: string }
  expect(stored.endedAt).toBeUndefined()
  expect(readdirSync(join(folder, run))).not.toContain('summary.json')
})

test('compare tells a killed run from its records too', async () => {
  writeFileSync(join(folder, 'killed.yaml'), workload)
  const args = ['compare', run, run, '--fail-on-regression', '2%', '--json']
  const { code, stdout } = await inProcess(args, { cwd: folder })
  const { rows, regressions } = JSON.parse(stdout) as { rows: { measure: string }[]; regressions: unknown[] }
  expect(rows.map(({ measure }) => measure)).toContain('turn p95')
  expect(regressions).toEqual([])
  expect(code).toBe(0)
})
