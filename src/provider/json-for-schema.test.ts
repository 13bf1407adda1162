import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { JsonObject } from '../wire/request-fields.ts'
import { jsonForSchema } from './json-for-schema.ts'
import { textForPattern } from './text-for-pattern.ts'

const Node = z.object({
  value: z.string(),
  get left() {
    return Node.nullable()
  },
  get middle() {
    return Node.nullable()
  },
  get right() {
    return Node.nullable()
  },
})
const leaf = z.object({ text: z.string() })
const deep = Array.from({ length: 12 }).reduce<z.ZodType>((inner) => z.object({ inner }), leaf)
const letter = z.enum(['a', 'b', 'c'])
const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  ...more,
})
const distinct = <T extends z.ZodType>(item: T) =>
  z.array(item).refine((items) => new Set(items).size === items.length && items.length === 3)

/** As frameworks do it: what they declare, and what they hold the arguments to. */
const declared: [what: string, check: z.ZodType, schema?: object][] = [
  ['tuples', z.object({ at: z.tuple([z.number(), z.number()]), by: z.tuple([z.int(), z.boolean()]) })],
  [
    'a tuple of draft 7',
    z.tuple([z.number(), z.string()]),
    { type: 'array', items: [{ type: 'number' }, {}] },
  ],
  ['records', z.object({ some: z.record(z.string(), z.number()), all: z.record(letter, z.number()) })],
  ['many references to itself', Node],
  ['what is demanded deep down', deep],
  ['a number', z.string().regex(/^ORD-\d{6}$/)],
  ['alternatives', z.string().regex(/^(?:INV|CRN)-(?<year>20[2-3]\d)[/_]\w{2,}?$/)],
  ['a repetition', z.string().regex(/^(['"])[^'"]{3}\1$/)],
  ['how it begins', z.string().startsWith('SKU-')],
  ['how it ends', z.string().endsWith('.pdf')],
  [
    'as long as it has to be',
    z
      .string()
      .min(9)
      .regex(/^[a-z]+$/),
  ],
  [
    'formats',
    z.object({ a: z.e164(), b: z.iso.time(), c: z.cidrv4(), d: z.ulid(), e: z.jwt(), f: z.nanoid() }),
  ],
  [
    'different items',
    z.object({ a: distinct(letter), b: distinct(z.int().min(1)), c: distinct(z.string()) }),
    object({
      a: { type: 'array', items: { enum: ['a', 'b', 'c'] }, minItems: 3, uniqueItems: true },
      b: { type: 'array', items: { type: 'integer', minimum: 1 }, minItems: 3, uniqueItems: true },
      c: { type: 'array', items: { type: 'string' }, minItems: 3, maxItems: 3, uniqueItems: true },
    }),
  ],
  ['null and nothing else', z.object({ a: z.null() }), object({ a: { anyOf: [{ type: 'null' }] } })],
  [
    'names that are not declared',
    z.object({ x: z.int(), S_y: z.boolean() }),
    {
      type: 'object',
      required: ['x', 'S_y'],
      patternProperties: { '^S_': { type: 'boolean' } },
      additionalProperties: { type: 'integer' },
    },
  ],
  [
    'a few names of any kind',
    z.record(z.string(), z.int()).refine((value) => Object.keys(value).length === 2),
    { type: 'object', minProperties: 2, additionalProperties: { type: 'integer' } },
  ],
  [
    'bounds in several places',
    z.object({ n: z.int().min(5).max(9) }),
    object({ n: { allOf: [{ type: 'integer', minimum: 5 }, { maximum: 9 }, { minimum: 3 }] } }),
  ],
]

test.each(declared)('a value fits: %s', (_, check, schema = z.toJSONSchema(check)) => {
  for (const mark of [undefined, '(ref 0000000a-1-2)'])
    for (const u of [0.1, 0.5, 0.9]) {
      const choices = { uniform: (ordinal: number) => (ordinal * 0.618 + u) % 1, ...(mark ? { mark } : {}) }
      expect(check.safeParse(jsonForSchema(schema as JsonObject, choices)).error).toBeUndefined()
    }
})

test('patterns of any kind are answered or not, in time', () => {
  const pieces = fc.constantFrom(
    '(',
    ')',
    '[',
    ']',
    '\\',
    '{2,',
    '}',
    '|',
    '*',
    '+',
    '?',
    'a',
    '^',
    '$',
    '(?=',
    '\\1',
    '\\u{',
  )
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), fc.nat(50), (parts, least) => {
      const text = textForPattern(parts.join(''), least)
      expect(text === undefined || text.length >= least).toBe(true)
    }),
    { numRuns: 300 },
  )
  expect(textForPattern('^(?!a*$)(a+)+$', 60)).toHaveLength(3600)
  expect(textForPattern(`${'a*'.repeat(30)}(?!)`, 9)).toBeDefined()
  expect(textForPattern(`${'('.repeat(100_000)}a`, 0)).toBeUndefined()
  expect(textForPattern(`^${'('.repeat(300)}a{9}${'){9}'.repeat(300)}`, 0)).toBeUndefined()
})
