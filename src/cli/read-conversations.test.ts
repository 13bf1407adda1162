import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { readConversations } from './read-conversations.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-talks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const workloadFile = join(folder, 'w.yaml')

function readLines(...lines: string[]): string[][] {
  writeFileSync(join(folder, 't.jsonl'), lines.join('\n'))
  return readConversations(workloadFile, 't.jsonl')
}

test('lists of messages, and the messages of model APIs', () => {
  expect(
    readLines(
      '["hello", "and then?"]',
      '',
      '{"messages": [{"role":"system","content":"s"}, {"role":"user","content":"one"}, {"role":"assistant","content":null}, {"role":"user","content":[{"type":"text","text":"tw"},{"type":"text","text":"o"}]}], "id": 7}',
    ),
  ).toEqual([
    ['hello', 'and then?'],
    ['one', 'two'],
  ])
})

test('also packed', () => {
  writeFileSync(join(folder, 't.jsonl.gz'), gzipSync('["a"]\n["b"]'))
  expect(readConversations(workloadFile, 't.jsonl.gz')).toEqual([['a'], ['b']])
})

test.each<[line: string, error: RegExp]>([
  ['{', /^t\.jsonl, line 2 is not valid JSON$/],
  ['{"a": 1}', /line 2 is not a conversation/],
  ['[]', /line 2: the user says nothing/],
  ['[""]', /line 2 is not a conversation/],
  ['{"messages": [{"role": "assistant", "content": "x"}]}', /line 2: the user says nothing/],
])('%s', (line, error) => {
  expect(() => readLines('["a"]', line)).toThrow(error)
})

test('a file that is empty or not there', () => {
  expect(() => readLines('')).toThrow('t.jsonl holds no conversation')
  expect(() => readConversations(workloadFile, 'none.jsonl')).toThrow(
    'conversations none.jsonl cannot be read',
  )
})
