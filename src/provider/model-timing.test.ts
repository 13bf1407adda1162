import { expect, test } from 'vitest'
import { createSessions } from '../sessions/sessions.ts'
import { read } from '../workload/fixture-read.ts'
import { modelTiming } from './model-timing.ts'

test('how slow a call was at one model says nothing of how slow it is at the next, whichever it was meant for', () => {
  const workload = read(`
scenarios: [{ model: asked }]
models:
  asked: { ttft: exponential(mean 1s) }
  next: { ttft: exponential(mean 1s) }
  last: { ttft: exponential(mean 1s) }
`)
  const epoch = { workload, sessions: createSessions(workload, 1, { users: 1 }) }
  const count = 20_000
  const slow = workload.models.map((model, index) =>
    Array.from({ length: count }, (_, session) => {
      const at = { run: 1, session, turn: 0, depth: 1, step: 1 }
      return modelTiming(epoch, { index, model }, at, 0).ttftMs > Math.LN2 * 1000
    }),
  )
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const both = slow[one]!.filter((isSlow, session) => isSlow && slow[other]![session]).length
    // A quarter of all calls; one seed in 15,000 misses each.
    expect(Math.abs(both / count - 0.25)).toBeLessThan(4 * Math.sqrt((0.25 * 0.75) / count))
  }
})
