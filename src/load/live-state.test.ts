import { expect, test } from 'vitest'
import type { PhoneEnding } from '../result/phone-records.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { LiveState } from './live-state.ts'

const { workload } = parseWorkload(`
phone: { calls: 60/min, duration: 1m, blocked: 1% }
model: { output: 5 }
objectives: [dropped < 5%, response p95 < 1s, integrations < 5%, completed > 10%]
`)

const progress = {
  atMs: 1000,
  untilMs: 10_000,
  share: 0.1,
  level: 1,
  onTheLine: 3,
  started: 4,
  completed: 4,
  failed: 0,
  abandoned: 0,
  rejected: 0,
  cut: 0,
  inFlight: 0,
}

test('objectives on calls are judged while calls go on, in the order of the file; of tools nothing is known yet', () => {
  const state = new LiveState(workload!)
  const end = (ending: PhoneEnding, session: number): void =>
    state.ended({
      kind: 'phone',
      session,
      scenario: 0,
      offeredAtMs: 0,
      grantedAtMs: 0,
      answeredAtMs: 100,
      endedAtMs: 500,
      ending,
      interruptions: 0,
      bargeInStopMs: [],
      talkedOver: 0,
      gaps: 0,
      longestGapMs: 0,
    })
  for (let session = 0; session < 100; session++) end(session % 2 === 0 ? 'completed' : 'dropped', session)
  const { objectives, point } = state.look(progress)
  expect(point.level).toBe(3)
  expect(objectives.map(({ metric, pass }) => [metric, pass])).toEqual([
    ['dropped', false],
    ['ttft', 'undecided'],
    ['completed', true],
  ])
})
