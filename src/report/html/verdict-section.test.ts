import { expect, test } from 'vitest'
import { levelAnswers } from '../answers.ts'
import { fixtureLevelRun } from '../fixture-run.ts'
import { html } from '../html.ts'
import { objectivesSection } from './verdict-section.ts'

test('the words of objectives are explained where they stand, and no others', () => {
  const [answer] = levelAnswers(fixtureLevelRun())
  const lead = (text: string): string | undefined => {
    const summary = { ...answer!.summary!, objectives: [{ text, pass: true as const }] }
    return /<h2>Objectives<\/h2><p>([^<]*)</.exec(objectivesSection({ ...answer!, summary })!.html)?.[1]
  }
  expect(lead('errors < 1%')).toBe('As measured at 110 users.')
  expect(lead('turn p95 < 10s')).toBe('As measured at 110 users. p95 is what 95 of 100 keep within.')
  expect(lead('ttft p50 < 1s')).toBe(
    'As measured at 110 users. ttft is the time to the first text of an answer.',
  )
})

test('a level that is not valid is not headed by how its objectives stand', () => {
  const level = fixtureLevelRun()
  const [summary] = level.summaries
  const page = (valid: boolean): string => {
    const generator = { ...summary!.generator!, valid }
    return html({ ...level, verdict: [], summaries: [{ ...summary!, generator }] })
  }
  expect(page(true)).toContain('As measured at 110 users, every objective holds.')
  expect(page(false)).toContain('These numbers are not valid.')
  expect(page(false)).not.toContain('every objective holds')
})
