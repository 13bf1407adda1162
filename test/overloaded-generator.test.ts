import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Summary } from '../src/result/summary.ts'
import { type FaultyServer, answerWell, startFaultyServer } from './faulty-server.ts'
import { plimsoll } from './plimsoll.ts'

/** Users whose every message costs the generator itself 30 ms, in front of an agent that answers at once. */
const script = `import { scenario } from '${new URL('../src/load/script/scenario.ts', import.meta.url).href}'
export default scenario(async ({ agent }) => {
  const until = performance.now() + 30
  while (performance.now() < until);
  await agent.say('hello')
})\n`

let folder: string
let server: FaultyServer
beforeAll(async () => {
  server = await startFaultyServer('openai', answerWell)
  folder = mkdtempSync(join(tmpdir(), 'overloaded-'))
  writeFileSync(join(folder, 'busy.ts'), script)
  writeFileSync(
    join(folder, 'w.yaml'),
    `name: overloaded
target: { url: "${server.url}", driver: openai }
users: { think: 10ms, turns: 1 }
scenarios: [{ script: busy.ts }]
objectives: [turn p50 < 1us]\n`,
  )
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

test.each([
  ['alone', '1', /event loop was blocked/],
  ['in threads', '2', /event loop was blocked|one of the generator's 2 workers used/],
])('a generator overloaded on purpose accuses itself and not the target: %s', async (_, workers, reason) => {
  const args = [
    '--users',
    '12',
    '--duration',
    '1h',
    '--max-turns',
    '36',
    '--warm-up',
    '0s',
    '--workers',
    workers,
  ]
  const { code, stdout, stderr } = await plimsoll(
    ['load', 'w.yaml', '--provider', 'none', '--no-preflight', '--report', 'json=run.json', ...args],
    { cwd: folder },
  )
  expect(code, stderr).toBe(109)
  expect(stdout).toContain('NOT VALID')
  expect(stdout).toContain('this machine did not keep up')
  // What was measured is told, and judged is nothing: no objective is missed, and none is met.
  expect(stdout).not.toMatch(/[✗✓]/)
  const { summaries } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { summaries: Summary[] }
  const { generator, objectives, errors, turns } = summaries[0]!
  expect(generator!.valid).toBe(false)
  expect(generator!.reasons.join('; ')).toMatch(reason)
  expect(generator!.reasons.join('; ')).not.toMatch(/target|agent|provider/)
  expect(objectives.map(({ pass }) => pass)).toEqual(['undecided'])
  expect(turns).toMatchObject({ failed: 0, rejected: 0 })
  expect(errors?.rate).toBe(0)
})
