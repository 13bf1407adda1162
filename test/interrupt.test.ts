import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openRun } from '../src/store/open-run.ts'
import type { Summary } from '../src/result/summary.ts'
import { type Running, killLeftovers, startPlimsoll, until, untilGone } from './running.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-interrupt-'))
beforeAll(() =>
  writeFileSync(
    join(folder, 'chat.yaml'),
    `name: chat
target: { url: "http://127.0.0.1:1", driver: sessions }
users: { think: 100ms }
agent: { workers: 1, concurrency: 10 }
model: { output: 10, ttft: 20ms, perToken: 1ms }
objectives: [turn p95 < 5s, errors < 1%]
`,
  ),
)
afterEach(killLeftovers)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const start = (...args: string[]): Running => startPlimsoll(args, { cwd: folder })
const hour = ['--warm-up', '100ms', '--duration', '1h', '--users', '3']
/** Few turns, so that the simulations of a search are over soon. */
const slowModel = ['--set', 'model.ttft=2s', '--set', 'users.think=10s']
/** Turns on disk of the one run below `out`, while it goes on. */
function turnsOnDisk(out: string): number {
  const [name] = existsSync(out) ? readdirSync(out) : []
  if (name === undefined || !existsSync(join(out, name, 'run.json'))) return 0
  const opened = openRun(join(out, name))
  const turns = [...opened.readTurns()].length
  opened.close()
  return turns
}
/** Until a turn is under way that will not end: nothing that it does can be seen from outside. */
const moment = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700))

describe('Ctrl-C once', () => {
  test.each(['SIGINT', 'SIGHUP'] as const)('finishes a load and reports it: %s', async (signal) => {
    const out = join(folder, signal)
    const running = start('load', 'chat.yaml', '--reference', ...hour, '--json', '--out', out)
    await running.said(/^loading/m)
    const children = await running.children()
    // More than three users can have in a warm-up of 100 ms, of turns that take 30 ms each.
    await until(() => turnsOnDisk(out) >= 12)
    running.kill(signal)
    const { code, stdout, stderr } = await running.finished
    expect({ code, stderr }).toMatchObject({ code: 105, stderr: expect.stringContaining('stopping') })
    const { turns } = JSON.parse(stdout) as Summary
    expect(turns.completed).toBeGreaterThan(0)
    const opened = openRun(join(out, readdirSync(out)[0]!))
    opened.close()
    expect(opened.problems).toEqual([])
    expect(opened.run).toMatchObject({ interrupted: true, endedAt: expect.any(String) })
    expect(children.length).toBeGreaterThanOrEqual(2)
    await untilGone(children)
  })

  test.each([
    ['in the first measured trial', 'load', /measured probe/],
    ['in the first simulated trial', 'all', /simulated probe/],
  ])('ends a search with the answers that there are, %s', async (_, engine, words) => {
    const flags = ['--reference', '--engine', engine, '--measured', '1h', '--json', ...slowModel]
    const running = start('find', 'chat.yaml', ...flags)
    await running.said(words)
    const children = await running.children()
    running.kill('SIGINT')
    const { code, stdout, stderr } = await running.finished
    expect(stderr).not.toMatch(/bug|\n\s+at /)
    expect(code).toBe(105)
    expect(JSON.parse(stdout)).toBeTypeOf('object')
    await untilGone(children)
  })

  test('ends a demo', async () => {
    const running = start('demo', 'chat.yaml', '--measured', '1h', ...slowModel)
    await running.said(/measured probe/)
    const children = await running.children()
    running.kill('SIGINT')
    const { code, stdout } = await running.finished
    expect(code).toBe(105)
    expect(stdout).toMatch(/INTERRUPTED/)
    expect(stdout).toMatch(/report\.html/)
    await untilGone(children)
  })

  test('ends what waits for an agent that does not come up, with nothing left behind', async () => {
    const agent = `"${process.execPath}" -e "console.log('here I am'); setInterval(() => {}, 1000)"`
    const running = start('load', 'chat.yaml', '--start', agent, ...hour)
    await running.said(/starting the agent/)
    const children = await running.children()
    running.kill('SIGINT')
    const { code, stdout, stderr } = await running.finished
    expect({ code, stdout }).toEqual({ code: 105, stdout: '' })
    expect(stderr).toMatch(/Stopped before any load was sent/)
    await untilGone(children)
  })

  test('ends a simulation', async () => {
    const running = start(
      'simulate',
      'chat.yaml',
      '--users',
      '5',
      '--duration',
      '100000h',
      '--out',
      'simulated',
    )
    await until(() => turnsOnDisk(join(folder, 'simulated')) > 0)
    running.kill('SIGINT')
    const { code, stdout, stderr } = await running.finished
    expect({ code, stdout }).toEqual({ code: 105, stdout: '' })
    expect(stderr).toMatch(/hint: what there is: plimsoll report simulated/)
  })
})

test('Ctrl-C twice leaves at once, and takes the agent and the provider along', async () => {
  // Turns that take an hour keep the first Ctrl-C waiting for its whole grace.
  const slow = ['--set', 'model.ttft=1h', '--no-preflight']
  const running = start('load', 'chat.yaml', '--reference', ...hour, ...slow)
  await running.said(/^loading/m)
  const children = await running.children()
  await moment()
  running.kill('SIGINT')
  await running.said(/stopping/)
  running.kill('SIGINT')
  const { code, stdout } = await running.finished
  expect({ code, stdout }).toEqual({ code: 105, stdout: '' })
  expect(children.length).toBeGreaterThanOrEqual(2)
  await untilGone(children)
})
