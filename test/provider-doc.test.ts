import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { providerEnvironment } from '../src/cli/verbs/provider.ts'
import { faultNames } from '../src/workload/fault.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const page = readFileSync(new URL('../docs/provider.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml]) => yaml!)

test.each(examples)('an example is without a mistake or a warning: %#', (yaml) => {
  expect(parseWorkload(yaml).problems).toEqual([])
})

test('every fault has its row', () => {
  const table = page.split('\n').filter((line) => line.startsWith('|'))
  for (const name of faultNames) expect(table.join('\n')).toContain(`\`${name}\``)
})

test('the environment names a base URL for every API', () => {
  const names = providerEnvironment('http://127.0.0.1:4010').map(([name]) => name)
  for (const api of ['OPENAI', 'AZURE_OPENAI', 'ANTHROPIC', 'GOOGLE_GEMINI', 'AWS'])
    expect(names.some((name) => name.startsWith(api) && /URL|ENDPOINT/.test(name))).toBe(true)
  expect(new Set(names).size).toBe(names.length)
})
