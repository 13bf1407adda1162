import { afterEach, expect, test } from 'vitest'
import { findBoth } from '../src/find/find-both.ts'
import type { Runner } from '../src/find/runner.ts'
import { runLoad } from '../src/load/run-load.ts'
import { capacityDifference } from '../src/result/capacity-difference.ts'
import { constant } from '../src/stats/distributions.ts'
import { type Answer, answerWell, startFaultyServer } from './faulty-server.ts'
import { loadWorkload } from './load-world.ts'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
})

/** Answers so many messages at once, each after a while, and sheds the others: what it carries hangs on no clock. */
function agentOf(atOnce: number): Answer {
  let inWork = 0
  return (response, request, dialect) => {
    if (inWork === atOnce) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"code":"overloaded"}}')
      return
    }
    inWork++
    setTimeout(() => {
      inWork--
      answerWell(response, request, dialect)
    }, 15)
  }
}

// Users who hardly think are all in work at once: three where two may be are one too many.
const workload = loadWorkload(
  {
    users: { think: constant(20), peak: {} },
    objectives: [{ text: 'errors < 5%', metric: 'errors', statistic: { kind: 'rate' }, limit: 0.05 }],
  },
  { think: constant(20), turns: constant(1000) },
)

async function deployment(atOnce: number): Promise<Runner> {
  const agent = await startFaultyServer('sessions', agentOf(atOnce))
  cleanups.push(() => agent.close())
  return async (probe, signal) => {
    const how = { driver: 'sessions', speed: 20, marker: 'none', runId: 'two', target: agent.url } as const
    const { summary } = await runLoad(workload, { ...probe, ...how }, signal)
    // Whether this machine kept up is not the question here: no objective is on a time.
    return { ...summary, generator: { valid: true, reasons: [] } }
  }
}

test('two agents that take different numbers of turns at once differ by as many users', async () => {
  const [a, b] = [await deployment(6), await deployment(2)]
  const options = { guess: { users: 4 }, probes: 5, warmupMs: 200, measuredMs: 6000, seed: 1 }
  const found = await findBoth({ a, b }, options, new AbortController().signal)
  expect([found.a.level, found.b.level]).toEqual([{ users: 6 }, { users: 2 }])
  expect(capacityDifference(found.a, found.b, { change: 'B', gate: 0.02 })).toMatchObject({
    difference: -4,
    verdict: 'worse',
    gate: { regressed: true },
  })
})
