import { describe, expect, test } from 'vitest'
import { reporters } from '../src/report/reporters.ts'
import { runsToTell } from './hostile-runs.ts'

// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

describe.each(Object.entries(reporters))('%s', (name, reporter) => {
  test.each(runsToTell)('tells %s', (_name, run) => {
    const before = JSON.stringify(run)
    const text = reporter(run)
    expect(text.length).toBeGreaterThan(40)
    expect(text.endsWith('\n')).toBe(true)
    expect(JSON.stringify(run)).toBe(before)
    if (name === 'html') return
    expect(controls.exec(text)).toBeNull()
  })

  test.each(runsToTell)('says nothing of undefined, NaN or objects about %s', (_name, run) => {
    const text = name === 'html' ? visible(reporter(run)) : reporter(run)
    expect(text).not.toMatch(/undefined|NaN|\[object|Infinity/)
    expect(controls.exec(text)).toBeNull()
  })

  test.each(runsToTell)('says the same twice about %s', (_name, run) => {
    expect(reporter(run)).toBe(reporter(run))
  })
})

describe('names of a file', () => {
  const hostile = runsToTell.filter(([name]) => name.includes('hostile'))

  test.each(hostile)('are no markup in the page: %s', (_name, run) => {
    const page = reporters.html(run)
    expect(page).not.toContain('<img')
    expect(page).not.toContain('<script>globalThis')
    expect(page.match(/<script/g)).toHaveLength(run.capacities.length > 0 || run.summaries[0]?.series ? 3 : 1)
    expect(page).toContain('evil&lt;/title&gt;')
  })

  test.each(hostile)('are no markup in Markdown: %s', (_name, run) => {
    const text = reporters.markdown(run)
    expect(text.replace(/<\/?sub>/g, '')).not.toMatch(/<[a-z/]/i)
    for (const row of text.split('\n').filter((line) => line.startsWith('|'))) {
      expect(row.replace(/\\[|`]/g, '')).not.toContain('`')
    }
  })

  test.each(hostile)('cannot drive a terminal: %s', (_name, run) => {
    expect(reporters.terminal(run)).not.toContain('owned')
  })
})

describe('json', () => {
  test('is the run', () => {
    const [, run] = runsToTell[0] as (typeof runsToTell)[number]
    expect(JSON.parse(reporters.json(run))).toEqual(JSON.parse(JSON.stringify(run)))
  })
})

/** What a reader of the page sees, and the data that its script draws. */
function visible(page: string): string {
  return page.replace(/<style>[^]*?<\/style>/g, '').replace(/<script>[^]*?<\/script>/g, '')
}
