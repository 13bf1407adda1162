import stringWidth from 'string-width'
import { expect, test } from 'vitest'
import { textTable } from './text-table.ts'

test.each([
  ['Chinese and Hangul, which take two columns a character', ['客服代理', '서비스']],
  ['accents that take none', ['re\u0301seau', 'nai\u0308f']],
])('columns stand below each other with %s', (_, names) => {
  const lines = textTable({ head: ['name', 'calls'], rows: names.map((name) => [name, '1']) })
  expect(new Set(lines.map((line) => stringWidth(line))).size).toBe(1)
})
