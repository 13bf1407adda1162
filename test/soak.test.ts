import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { startChild } from '../src/host/child-server.ts'
import { runLoad } from '../src/load/run-load.ts'
import { constant } from '../src/stats/distributions.ts'
import { loadWorkload } from './load-world.ts'
import { freePort } from './free-port.ts'

const agent = fileURLToPath(new URL('fixtures/leaky-agent.mjs', import.meta.url))

/** Sessions of one turn before an agent that keeps so many bytes of each, and a file in so many. */
async function soak(bytes: number, files: number) {
  const target = `http://127.0.0.1:${await freePort()}`
  const args = [agent, new URL(target).port, `${bytes}`, `${files}`]
  const child = await startChild({
    command: process.execPath,
    args,
    readyUrl: target,
    readyTimeoutMs: 20_000,
  })
  const think = constant(60)
  try {
    const { summary } = await runLoad(
      loadWorkload({ users: { think, peak: {} } }, { think, turns: constant(1) }),
      {
        target,
        driver: 'sessions',
        level: { users: 15 },
        warmupMs: 500,
        measuredMs: 2000,
        seed: 1,
        speed: 1,
        runId: 'soak',
        marker: 'none',
        agentSample: () => child.sample(),
        soak: { memoryBytes: 30_000, descriptors: 0.02 },
      },
      new AbortController().signal,
    )
    return Object.fromEntries(summary.soak!.resources.map((each) => [each.name, each]))
  } finally {
    await child.stop()
  }
}

test('a server that leaks on purpose is told from one that does not', async () => {
  const leaky = await soak(100_000, 1)
  expect(leaky['memory']!.verdict).toBe('leak')
  expect(leaky['memory']!.high).toBeGreaterThan(80_000)
  expect(leaky['open files']!.verdict).toBe('leak')
  expect(leaky['open files']!.slope).toBeGreaterThan(0.1)
  expect(leaky['sockets']!.verdict).not.toBe('leak')
  const clean = await soak(0, 0)
  for (const { verdict } of Object.values(clean)) expect(verdict).not.toBe('leak')
})
