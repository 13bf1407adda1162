import { expect, test } from 'vitest'
import { uncertainty } from '../result/verdict/fixture-uncertainty.ts'
import { fixtureRun } from './fixture-run.ts'
import { html } from './html.ts'
import { markdown } from './markdown.ts'
import { rangeHead, rangeLead, rangeRows, spreadRows } from './range-table.ts'
import { terminal } from './terminal.ts'

const at = { level: { users: 147 } }

const open = { level: { sessionsPerSecond: 1 } }

test('each range with its ends, and what the capacity is there', () => {
  expect(
    rangeRows(at, uncertainty).map(({ path, range, atLow, atHigh }) => [path, range, atLow, atHigh]),
  ).toEqual([
    ['users.think', '30s..60s', '104', '188'],
    ['scenarios.faq.depth', '2..3', '160', '140'],
  ])
})

test('each figure that is known, most draws and the corners', () => {
  expect(spreadRows(at, 110, uncertainty)).toEqual([
    ['users', '121 to 159', '101 to 190'],
    ['$/month for 110 users', '$1,980 to $3,480', '$1,700 to $3,900'],
  ])
  expect(
    spreadRows(open, 0.75, { ...uncertainty, level: { low: 1.204, high: 1.5, least: 1, most: 2 } })[0],
  ).toEqual(['sessions/s', '1.2 to 1.5', '1 to 2'])
})

test('calls by telephone are told a minute', () => {
  const calls = { ...open, phone: {} }
  expect(rangeHead(calls)[2]).toBe('calls/min at the low end')
  expect(rangeRows(calls, uncertainty)[0]).toMatchObject({ atLow: '6,240', levelAtLow: 104 })
  expect(spreadRows(calls, 0.75, uncertainty).at(-1)![0]).toBe('$/month for 45 calls/min')
})

test('what is left out of the draws is said', () => {
  expect(rangeLead(uncertainty)).not.toMatch(/left out|no limit/)
  expect(rangeLead({ ...uncertainty, impossible: 3, unbounded: 2 })).toMatch(
    /3 draws .* left out\. In 2 draws no limit/,
  )
})

test.each([
  ['terminal', terminal(fixtureRun(), {})],
  ['markdown', markdown(fixtureRun(), {})],
  ['html', html(fixtureRun(), {})],
])('%s tells of ranges', (_, text) => {
  expect(text.replaceAll(/<[^>]*>|\\/g, '')).toMatch(/users\.think[^]*30s\.\.60s[^]*104[^]*188/)
})

test.each([
  ['markdown', markdown(fixtureRun(), {})],
  ['html', html(fixtureRun(), {})],
])('%s tells of every lever, of two at once first', (_, text) => {
  const plain = text.replaceAll(/<[^>]*>|\\/g, '')
  expect(plain).toMatch(
    /two more workers, and raise the quota to 600k tokens\/min[^]*\+91[^]*raise the quota to 600k[^]*\+49[^]*two more workers[^]*−6/,
  )
  expect(plain).toContain('$20.35')
})
