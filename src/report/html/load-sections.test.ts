import { expect, test } from 'vitest'
import type { Summary } from '../../result/summary.ts'
import { capacityAnswers, levelAnswers } from '../answers.ts'
import { fixtureLevelRun, fixtureRun } from '../fixture-run.ts'
import { errorsSection, turnTimeSection } from './load-sections.ts'

test.each([
  [['queue', 'prompt', 'state', 'cpu', 'model', 'tools', 'retry wait', 'agent']],
  [['cpu', 'connections', 'model', 'agent']],
  [['hearing', 'agent', 'speaking', 'queue', 'prompt', 'tools', 'model', 'answer heard']],
])('of %j each part of a turn has a colour of its own', (parts) => {
  const [answer] = levelAnswers(fixtureLevelRun())
  const summary: Summary = { ...answer!.summary!, turnTime: parts.map((part) => ({ part, meanMs: 10 })) }
  const { html } = turnTimeSection([{ ...answer!, summary }])!
  const colors = [...html.matchAll(/<rect class="(p-\d)" width="12"/g)].map(([, color]) => color)
  expect(new Set(colors).size).toBe(parts.length)
})

test('of a level that was tried twice the seeds tell which is which', () => {
  const measured = capacityAnswers(fixtureRun()).find(({ origin }) => origin === 'measured')!
  const last = measured.capacity!.probes.at(-1)!
  const again = { ...last, summary: { ...last.summary, seed: 77 } }
  const capacity = { ...measured.capacity!, probes: [last, again] }
  const names = [...errorsSection([{ ...measured, capacity }])!.html.matchAll(/class="name">([^<]+)</g)]
  expect(names.map(([, name]) => name)).toEqual(['175 users, seed 9', '175 users, seed 77'])
})

test('where no turn ended nothing is said of errors', () => {
  const [answer] = levelAnswers(fixtureLevelRun())
  const counts = { completed: 0, failed: 0, abandoned: 0, rejected: 0, perSecond: 0 }
  const summary: Summary = { ...answer!.summary!, turns: counts, errors: { rate: 0, byKind: {} } }
  expect(errorsSection([{ ...answer!, summary }])).toBeUndefined()
  const some: Summary = { ...summary, turns: { ...counts, completed: 1 } }
  expect(errorsSection([{ ...answer!, summary: some }])?.html).toContain('every turn got its answer')
})
