import { expect, test } from 'vitest'
import { fixtureLevelRun } from './fixture-run.ts'
import { summaryCounts } from './summary-lines.ts'

const joined = { id: 40, trace: 60, text: 0, none: 3 }

test.each([
  [{ modelCalls: 0, toolCalls: 0, lost: 0 }, undefined],
  [{ modelCalls: 3, toolCalls: 0, lost: 0 }, '3 model calls: in no turn'],
  [{ modelCalls: 3, toolCalls: 2, lost: 1 }, '3 model calls, 2 tool calls, 1 records lost: in no turn'],
])('what could not be joined has a line of its own: %o', (unjoined, words) => {
  const lines = new Map(summaryCounts({ ...fixtureLevelRun().summaries[0]!, joined, unjoined }))
  expect(lines.get('joined')).toBe('40 by the id of a tool call, 60 by traceparent')
  if (words === undefined) expect(lines.has('not joined')).toBe(false)
  else expect(lines.get('not joined')).toContain(words)
})
