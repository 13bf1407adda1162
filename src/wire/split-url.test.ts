import { expect, test } from 'vitest'
import { splitUrl } from './split-url.ts'

test.each([
  ['/voice?priority=2', '/voice', 'priority=2'],
  ['/voice', '/voice', ''],
  ['/voice?', '/voice', ''],
  ['/v1/models?after=a?b', '/v1/models', 'after=a?b'],
  [undefined, '', ''],
])('%s', (url, path, query) => {
  expect(splitUrl(url)).toEqual({ path, query })
})
