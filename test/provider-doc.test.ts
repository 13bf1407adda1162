import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { shellWords } from '../src/cli/shell-words.ts'
import { providerEnvironment } from '../src/cli/verbs/provider.ts'
import { faultNames } from '../src/workload/fault.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { inProcess } from './in-process.ts'

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

const learning = page.split('\n').filter((line) => line.startsWith('plimsoll init '))

test.each(learning)('nothing is missing to learn by what is to be typed: %s', async (line) => {
  const cwd = mkdtempSync(join(tmpdir(), 'plimsoll-doc-'))
  onTestFinished(() => rmSync(cwd, { recursive: true, force: true }))
  // Once nothing is missing, what comes first is whether the target is of this machine.
  const args = shellWords(line.replace('http://localhost:8000', 'http://elsewhere.test')).slice(1)
  const { stderr } = await inProcess(args, { cwd })
  expect(stderr).toContain('elsewhere.test is not on this machine')
})
