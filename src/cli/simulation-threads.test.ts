import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { simulate } from '../simulate/simulate.ts'
import { readWorkload } from './read-workload.ts'
import { SimulationThreads } from './simulation-threads.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-threads-'))
const file = join(folder, 'workload.yaml')
beforeAll(() =>
  writeFileSync(
    file,
    'users: { think: exponential(mean 30s) }\nagent: { workers: 5, concurrency: 1 }\nmodel: { ttft: exponential(mean 3s) }\n',
  ),
)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const never = new AbortController().signal
const probe = { level: { users: 50 }, warmupMs: 60_000, measuredMs: 600_000 }

test.each([1, 3])('on %i threads the answers are those of one after the other', async (most) => {
  const threads = new SimulationThreads(most)
  try {
    const sets = [[], ['agent.workers=8']]
    const asked = sets.flatMap((set) => [1, 2, 3].map((seed) => ({ set, seed })))
    const answers = await Promise.all(
      asked.map(({ set, seed }) => threads.runner(file, set, { runId: 'run' })({ ...probe, seed }, never)),
    )
    const expected = asked.map(({ set, seed }) =>
      simulate(readWorkload(file, set, { note: () => {} }), { ...probe, seed, runId: 'run' }),
    )
    expect(answers).toEqual(expected)
    expect(answers[0]!.turns.perSecond).not.toBe(answers[3]!.turns.perSecond)
  } finally {
    await threads.close()
  }
})

test('a signal ends what runs and what waits', async () => {
  const threads = new SimulationThreads(1)
  const stop = new AbortController()
  const long = { ...probe, measuredMs: 1e12, seed: 1 }
  const runs = [1, 2].map(() => threads.runner(file, [], { runId: 'run' })(long, stop.signal))
  const settled = Promise.allSettled(runs)
  stop.abort(new Error('enough'))
  for (const each of await settled)
    expect(each).toMatchObject({ status: 'rejected', reason: new Error('enough') })
})

test('a mistake in the file is told to whoever asked', async () => {
  const threads = new SimulationThreads(1)
  await expect(
    threads.runner(join(folder, 'none.yaml'), [], { runId: 'run' })({ ...probe, seed: 1 }, never),
  ).rejects.toThrow('there is no file')
  await threads.close()
})
