import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as formulas from './index.ts'

const files = readdirSync(new URL('.', import.meta.url))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .filter((file) => !file.startsWith('published-') && file !== 'index.ts')

test('every formula stands in the table of docs/formulas.md, and the table names no other', () => {
  const table = readFileSync(new URL('../../../docs/formulas.md', import.meta.url), 'utf8')
  const linked = [...table.matchAll(/\(\.\.\/src\/plan\/formulas\/([a-z0-9-]+\.ts)\)/g)].map(
    ([, file]) => file,
  )
  expect(linked.toSorted()).toEqual(files.toSorted())
})

test('the library gives every function that a formula’s file exports', async () => {
  const given = new Set<unknown>(Object.values(formulas))
  const internal = ['fixedPoint', 'oneStep']
  for (const file of files) {
    const exported: Record<string, unknown> = await import(new URL(file, import.meta.url).href)
    for (const [name, value] of Object.entries(exported))
      expect(given.has(value) || internal.includes(name), `${file}: ${name}`).toBe(true)
  }
})
