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

/** Answers so many users and sheds all others: what it carries hangs on no clock, and on no machine. */
class Agent {
  readonly #served = new Set<string>()
  readonly #most: number

  constructor(most: number) {
    this.#most = most
  }

  readonly answer: Answer = (response, request, dialect) => {
    const session = request.url!
    if (this.#served.size < this.#most) this.#served.add(session)
    if (this.#served.has(session)) answerWell(response, request, dialect)
    else
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"code":"overloaded"}}')
  }

  forget(): void {
    this.#served.clear()
  }
}

const workload = loadWorkload(
  {
    users: { think: constant(200), peak: {} },
    objectives: [{ text: 'errors < 5%', metric: 'errors', statistic: { kind: 'rate' }, limit: 0.05 }],
  },
  { think: constant(200), turns: constant(1000) },
)

async function deployment(most: number): Promise<Runner> {
  const agent = new Agent(most)
  const server = await startFaultyServer('sessions', agent.answer)
  cleanups.push(() => server.close())
  return async (probe, signal) => {
    agent.forget()
    const how = { driver: 'sessions', speed: 20, marker: 'none', runId: 'two', target: server.url } as const
    const { summary } = await runLoad(workload, { ...probe, ...how }, signal)
    // Whether this machine kept up is not the question here: no objective is on a time.
    return { ...summary, generator: { valid: true, reasons: [] } }
  }
}

test('two agents that carry different numbers of users differ by as many', async () => {
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
