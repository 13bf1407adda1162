import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { driverNames } from '../src/workload/target-schema.ts'

const page = readFileSync(new URL('../docs/drivers.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!)
const env = { AGENT_TOKEN: 'a', ANTHROPIC_API_KEY: 'b' }
const files = { users: () => [{ name: 'ada', password: 'p', key: 'k' }], pem: () => '' }

test.each(examples)('an example is without a mistake or a warning: %#', (yaml) => {
  expect(parseWorkload(yaml, { env, files }).problems).toEqual([])
})

test('every driver has its row, and its example or its family’s', () => {
  const shown = new Set(examples.map((yaml) => parseWorkload(yaml, { env, files }).workload!.target!.driver))
  for (const name of driverNames) expect(page).toContain(`| \`${name}\` |`)
  expect([...shown, 'sessions-json'].sort()).toEqual([...driverNames].sort())
})
