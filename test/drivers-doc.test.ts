import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { driverNames } from '../src/workload/target-schema.ts'

const page = readFileSync(new URL('../docs/drivers.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!)
const env = { AGENT_TOKEN: 'a', ANTHROPIC_API_KEY: 'b' }

test.each(examples)('an example is without a mistake or a warning: %#', (yaml) => {
  expect(parseWorkload(yaml, { env }).problems).toEqual([])
})

test('every driver has its row, and its example or its family’s', () => {
  const shown = new Set(examples.map((yaml) => parseWorkload(yaml, { env }).workload!.target!.driver))
  for (const name of driverNames) expect(page).toContain(`| \`${name}\` |`)
  expect([...shown, 'sessions-json'].sort()).toEqual([...driverNames].sort())
})
