import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { EndedSessions } from './ended-sessions.ts'
import type { SessionEnding } from './session-ending.ts'

const { workload } = parseWorkload(
  'model: {}\nobjectives: [completed > 60%, escalated < 10%, abandoned < 30%, blocked < 1%]\n',
)

test('endings are counted, and objectives on them are judged', () => {
  const sessions = new EndedSessions(workload!.objectives)
  const endings: SessionEnding[] = ['completed', 'escalated', 'abandoned', 'unfinished']
  for (let i = 0; i < 100; i++) {
    const ending = endings[i < 70 ? 0 : i < 85 ? 1 : i < 90 ? 2 : 3]!
    sessions.add({ scenario: 0, durationMs: 1000, turns: 2, completed: ending !== 'abandoned', ending })
  }
  const told = sessions.summary({ started: 100, ended: 100 }).sessions!
  expect(told.endings).toEqual({ completed: 70, escalated: 15, abandoned: 5, unfinished: 10 })
  const judged = workload!.objectives.map((objective) => sessions.judge(objective))
  expect(judged.map(({ pass }) => pass)).toEqual([true, false, true, 'undecided'])
  expect(judged[0]!.value).toBeCloseTo(0.7, 12)
})

test('without words there are no endings, and nothing is decided', () => {
  const sessions = new EndedSessions(workload!.objectives)
  sessions.add({ scenario: 0, durationMs: 1000, turns: 2, completed: true })
  expect(sessions.summary({ started: 1, ended: 1 }).sessions!.endings).toBeUndefined()
  expect(sessions.judge(workload!.objectives[0]!).pass).toBe('undecided')
})
