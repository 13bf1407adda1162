import { expect, test } from 'vitest'
import { wrap } from './wrap.ts'

test.each([
  ['answered within 10 s', 18, ['answered within', '10 s']],
  ['turn p95 < 10s', 11, ['turn p95', '< 10s']],
  ['客服 代理', 5, ['客服', '代理']],
])('%s in %i columns', (text, width, lines) => {
  expect(wrap(text, width)).toEqual(lines)
})
