import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import { targetFiles } from './read-target-files.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-vocabulary-'))
  writeFileSync(join(folder, 'tokenizer.json'), '{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}')
  writeFileSync(join(folder, 'package.json'), '{"name":"a"}')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a model is counted with the vocabulary beside the file', () => {
  const source = 'model: { tokenizer: tokenizer.json }\n'
  const { workload } = parseWorkload(source, { files: targetFiles(join(folder, 'work.yaml')) })
  expect(workload!.models[0]!.tokenizer).toMatchObject({ file: 'tokenizer.json' })
})

test.each([
  ['package.json', 'model.tokenizer: package.json is no vocabulary of a model'],
  ['none.json', 'model.tokenizer: tokenizer none.json cannot be read (ENOENT)'],
])('%s is a mistake of the file', (file, message) => {
  const files = targetFiles(join(folder, 'work.yaml'))
  const { problems } = parseWorkload(`model: { tokenizer: ${file} }\n`, { files })
  expect(problems[0]).toMatchObject({ message, line: 1, column: 21 })
})

test('whoever hands over no files is told so', () => {
  const { problems } = parseWorkload('model: { tokenizer: tokenizer.json }\n')
  expect(problems[0]!.message).toBe('model.tokenizer: tokenizer.json was not handed over')
})
