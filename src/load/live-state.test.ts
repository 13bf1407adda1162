import { expect, test } from 'vitest'
import { phoneCall } from '../result/fixture-records.ts'
import type { PhoneEnding } from '../result/phone-records.ts'
import type { CallRecord } from '../result/records.ts'
import { parseObjectiveLine } from '../workload/parse-objective-line.ts'
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

test('objectives on calls are judged while calls go on, in the order of the file; of tools when they are told', () => {
  const state = new LiveState(workload!)
  const end = (ending: PhoneEnding, session: number): void => state.ended(phoneCall({ session, ending }))
  for (let session = 0; session < 100; session++) end(session % 2 === 0 ? 'completed' : 'dropped', session)
  const { objectives, point, unanswered } = state.look(progress)
  expect(point.level).toBe(3)
  expect(unanswered).toBe(50)
  expect(objectives.map(({ metric, pass }) => [metric, pass])).toEqual([
    ['dropped', false],
    ['ttft', 'undecided'],
    ['integrations', 'undecided'],
    ['completed', true],
  ])
  // The provider tells of them after the calls have ended.
  for (let session = 0; session < 25; session++) state.ended(gaveUp(session))
  const later = state
    .look({ ...progress, atMs: 9000 })
    .objectives.find(({ metric }) => metric === 'integrations')
  expect(later).toMatchObject({ value: 0.25, pass: false })
})

const gaveUp = (session: number): CallRecord =>
  ({ kind: 'tool', session, outcome: 'abandoned', errorKind: 'abandoned' }) as CallRecord

test.each([
  [
    true,
    [
      ['checks rate > 90%', false],
      ['wait p(95) < 5', true],
    ],
  ],
  [false, []],
])('thresholds on what scripts note are judged where scripts run: %s', (scripted, judged) => {
  const thresholds = ['checks rate > 90%', 'wait p(95) < 5'].map(
    (text) => parseObjectiveLine(text).threshold!,
  )
  const state = new LiveState({ ...workload!, objectives: [], thresholds }, { scripted })
  const note = (kind: 'check' | 'trend', name: string, value: number): void =>
    state.ended({ kind, name, value, atMs: 500, scenario: 'chat' })
  for (let i = 0; i < 100; i++) note('check', 'is polite', i % 2)
  for (let i = 0; i < 100; i++) note('trend', 'wait', 4)
  const { objectives } = state.look(progress)
  expect(objectives.map(({ text, pass }) => [text, pass])).toEqual(judged)
})
