import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { reporters } from '../src/report/reporters.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const page = readFileSync(new URL('../docs/load.md', import.meta.url), 'utf8')
// Golden questions are a file of their own, held to by their own test.
const examples = [...page.matchAll(/```yaml\n(?!# golden)(.*?)```/gs)].map(([, yaml]) => yaml!)
const scenarios = 'scenarios: [{ name: order lookup, say: hello }]\n'

test.each(examples)('an example is without a mistake or a warning: %#', (yaml) => {
  expect(parseWorkload(yaml.includes('scenarios:') ? yaml : yaml + scenarios).problems).toEqual([])
})

test('thresholds of k6 are what the table says', () => {
  const objectives = parseWorkload(examples[0]! + scenarios).workload!.objectives
  expect(objectives.map(({ text }) => text)).toEqual([
    'turn p95 < 10s',
    'errors < 1%',
    '[order lookup] turn p95 < 10s',
    'ttft p95 < 2s',
  ])
  expect(objectives[3]!.abort).toEqual({ afterMs: 30_000 })
})

test('every form of a report is told', () => {
  for (const form of [...Object.keys(reporters), 'turns']) expect(page).toContain(`\`${form}\``)
})
