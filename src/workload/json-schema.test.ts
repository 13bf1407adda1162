import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { workloadJsonSchema } from './json-schema.ts'
import { starterFile, starterNames } from './starter-file.ts'

const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')

test('the committed schema is the one of the code: npm run schema', () => {
  expect(JSON.parse(committed('schema/workload.schema.json'))).toEqual(workloadJsonSchema())
})

test.each(starterNames)('examples/%s.yaml is the starter file: npm run schema', (name) => {
  expect(committed(`examples/${name}.yaml`)).toBe(starterFile(name))
})

const editor = z.fromJSONSchema(workloadJsonSchema())

test.each(starterNames)('an editor finds nothing wrong with %s', (name) => {
  expect(editor.safeParse(parse(starterFile(name))).error).toBeUndefined()
})

test.each([
  { users: { think: '30s..60s', peak: { peakToAverage: '1.5..2' } } },
  { agent: { workers: '3..6', server: { perMonth: '$300..$400' }, limits: { turn: '30s .. 60s' } } },
  { model: { cached: '40%..80%', quota: { rpm: '400..500', tpm: '5k/s..1M' } } },
])('an editor takes the ranges of %j', (file) => {
  expect(editor.safeParse(file).error).toBeUndefined()
})

test.each([
  { model: { cached: '40%..80' } },
  { usres: {} },
  { users: { think: '45' } },
  { users: { think: 'lognromal(mean 3s)' } },
  { agent: { workers: -5 } },
  { agent: { workers: 2.5 } },
  { scenarios: [] },
  { model: { cached: 0.6 } },
  { model: { cached: '60' } },
  { objectives: ['turn p95 > 3s'] },
  { objectives: ['turn < 3s'] },
  { target: { url: 'http://h', driver: 'nothing' } },
])('an editor marks %j', (file) => {
  expect(editor.safeParse(file).success).toBe(false)
})

test('every field says what it is', () => {
  const bare: string[] = []
  const visit = (node: unknown, path: string): void => {
    if (typeof node !== 'object' || node === null) return
    const { properties, items, additionalProperties } = node as Record<string, unknown>
    for (const [key, child] of Object.entries(properties ?? {}) as [string, object][]) {
      const said = JSON.stringify(child).includes('"description"') || JSON.stringify(child).includes('$ref')
      if (!said && !['name', 'memory'].includes(key)) bare.push(`${path}.${key}`)
      visit(child, `${path}.${key}`)
    }
    visit(items, `${path}[]`)
    visit(additionalProperties, `${path}.*`)
  }
  visit(workloadJsonSchema(), '')
  expect(bare).toEqual([])
})
