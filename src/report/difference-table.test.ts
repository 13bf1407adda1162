import { expect, test } from 'vitest'
import { differenceTable } from './difference-table.ts'

test('two variants: signs, units, and differences that may be none', () => {
  const { head, rows, lead } = differenceTable({
    change: 'agent.workers=8',
    replications: 10,
    rows: [
      { figure: 'turn p95', unit: 'ms', base: 7840, changed: 7860, difference: 20, interval: [-5, 45] },
      {
        figure: 'turns/s',
        unit: 'perSecond',
        base: 2.85,
        changed: 2.5,
        difference: -0.35,
        interval: [-0.4, -0.3],
      },
      { figure: 'errors', unit: 'share', base: 0.01, changed: 0.01, difference: 0, interval: [0, 0] },
      { figure: 'ttft p95', unit: 'ms', base: 100, changed: 90, difference: -10 },
    ],
  })
  expect(head[0]).toBe('with agent.workers=8')
  expect(lead).toContain('10 pairs')
  expect(rows).toEqual([
    ['turn p95', '7.84 s', '7.86 s', '+20 ms', '−5 ms to +45 ms', 'may be none'],
    ['turns/s', '2.85', '2.5', '−0.35', '−0.4 to −0.3', ''],
    ['errors', '1 %', '1 %', 'none', '', ''],
    ['ttft p95', '100 ms', '90 ms', '−10 ms', '', ''],
  ])
})
