import { describe, expect, test } from 'vitest'
import { fixtureLevelRun, fixtureRun } from './fixture-run.ts'
import { plainPalette } from './palette.ts'
import { terminal } from './terminal.ts'

describe('terminal', () => {
  test('puts the three answers side by side, solved first', () => {
    const run = fixtureRun()
    const text = terminal({ ...run, capacities: run.capacities.toReversed() }, { width: 100 })
    expect(text).toMatch(/solved \(approx\.\) +simulated +measured\n +users +149 +145 +147\n/)
    expect(text).toMatch(/interval +– +143 to 148 +141 to 152\n/)
    expect(text).toMatch(/bottleneck +model quota +model quota +model quota\n/)
  })

  test.each([40, 60, 80, 110])('wraps the verdict at %i columns', (width) => {
    const verdict = terminal(fixtureRun(), { width }).split('solved')[0] as string
    for (const line of verdict.split('\n')) expect(line.length).toBeLessThanOrEqual(Math.max(width, 42))
  })

  test.each([
    ['a find', 80, fixtureRun()],
    ['one level', 80, fixtureLevelRun()],
    ['one level', 60, fixtureLevelRun()],
  ])('no line of %s is longer than %i columns', (_, width, run) => {
    const text = terminal(run, { width, details: true })
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
  })

  test('what binds first stays in sight beside long names', () => {
    const level = fixtureLevelRun()
    const [summary] = level.summaries
    const services = summary!.services!.map((service) => ({
      ...service,
      name: `${service.name} of the european warehouse`,
    }))
    const text = terminal({ ...level, summaries: [{ ...summary!, services }] }, { width: 80 })
    expect(text).toMatch(/^ +binds first$/m)
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('a narrow terminal leaves out the percentiles that are missed least', () => {
    expect(terminal(fixtureLevelRun(), { width: 60 })).toMatch(/\n +mean +p95 +p99 +max\n/)
    expect(terminal(fixtureLevelRun(), { width: 80 })).toMatch(/\n +mean +p50 +p90 +p95 +p99 +max\n/)
  })

  test('names the report only where there is one', () => {
    expect(terminal(fixtureRun(), { reportPath: 'runs/x/report.html' })).toContain(
      'report  runs/x/report.html\n',
    )
    expect(terminal(fixtureRun())).not.toContain('report  ')
  })

  test('one level is shown in full', () => {
    const text = terminal(fixtureLevelRun())
    expect(text).toMatch(/mean +p50 +p90 +p95 +p99 +max\n/)
    expect(text).toContain('measured: customer support at 110 users, 5 min after 60 s of warm-up, seed 4')
    expect(text).toMatch(/✓ {2}turn p95 < 10s/)
    const [summary] = fixtureLevelRun().summaries
    const cold = { ...summary!, window: { warmupMs: 0, measuredMs: 300_000 } }
    expect(terminal({ ...fixtureLevelRun(), summaries: [cold] })).toContain(
      'at 110 users, 5 min without warm-up',
    )
  })

  test('objectives keep within the width: what is beyond them stands below where it has no room beside', () => {
    const objectives = (width: number): string[] =>
      terminal(fixtureLevelRun(), { width })
        .split(/ +objectives\n/)[1]!
        .split('\n\n')[0]!
        .split('\n')
    const beside = objectives(110)
    const below = objectives(50)
    expect(beside[0]).toMatch(/10s .* miss it/)
    expect(Math.max(...below.map(({ length }) => length))).toBeLessThanOrEqual(50)
    const words = (lines: string[]): string[] => lines.join(' ').trim().split(/\s+/)
    expect(words(below)).toEqual(words(beside))
  })

  test.each([60, 80, 120])('two variants side by side keep within %i columns, and say the same', (width) => {
    const differences = {
      change: 'agent.workers=10, models.gpt-4.1-mini.quota.tpm=450k',
      replications: 2,
      rows: [
        {
          figure: 'calls in flight',
          unit: 'ms' as const,
          base: 4530,
          changed: 4532,
          difference: 2,
          interval: [-9.9, 14.6] as const,
        },
      ],
    }
    const linesAt = (columns: number): string[] =>
      terminal({ ...fixtureLevelRun(), differences }, { width: columns })
        .split('\n\n')
        .find((block) => block.includes('with agent.workers=10'))!
        .split('\n')
    const lines = linesAt(width)
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(width)
    const words = (all: string[]): string[] => all.join(' ').trim().split(/\s+/)
    expect(words(lines)).toEqual(words(linesAt(1000)))
  })

  test('an invalid measurement says so before anything else', () => {
    const run = fixtureRun()
    const capacities = run.capacities.map((capacity) => ({
      ...capacity,
      invalid: ['the generator was late'],
    }))
    expect(terminal({ ...run, capacities }).trimStart()).toMatch(
      /^NOT VALID \(solved\): the generator was late\n/,
    )
  })

  test('says that time was compressed', () => {
    expect(terminal(fixtureRun())).toContain('speed ×10')
    expect(terminal(fixtureLevelRun())).not.toContain('speed ×')
  })

  test('colours change nothing but the colours', () => {
    const shout = { ...plainPalette, bold: (text: string) => `\u001b[1m${text}\u001b[22m` }
    const painted = terminal(fixtureRun(), { palette: shout })
    expect(painted).toContain('\u001b[1m')
    expect(painted.replaceAll('\u001b[1m', '').replaceAll('\u001b[22m', '')).toBe(terminal(fixtureRun()))
  })
})
