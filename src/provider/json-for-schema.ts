import { isObject, type JsonObject } from '../wire/request-fields.ts'

export interface SchemaChoices {
  /** A uniform in (0, 1) for each choice that has to be made. */
  readonly uniform: (ordinal: number) => number
  /** Ends free strings where there is room for it. */
  readonly mark?: string
}

const deepest = 8
/** A schema may refer to itself in more ways than one; what it asks for beyond this is left out. */
const mostValues = 2000

/** A value that is valid for a JSON Schema, of the kinds that model APIs accept. Recursion ends as soon as it may. */
export function jsonForSchema(schema: JsonObject, choices: SchemaChoices): unknown {
  return new Generator(schema, choices).value(schema, 0)
}

class Generator {
  readonly #root: JsonObject
  readonly #choices: SchemaChoices
  #made = 0

  constructor(root: JsonObject, choices: SchemaChoices) {
    this.#root = root
    this.#choices = choices
  }

  value(given: unknown, depth: number): unknown {
    if (++this.#made > mostValues) return null
    const schema = this.#resolve(given, 0)
    if ('const' in schema) return schema['const']
    const options = schema['enum']
    if (Array.isArray(options) && options.length > 0) return this.#pick(options)
    switch (this.#type(schema)) {
      case 'object':
        return this.#object(schema, depth)
      case 'array':
        return this.#array(schema, depth)
      case 'string':
        return this.#string(schema)
      case 'integer':
        return numberWithin(schema, true)
      case 'number':
        return numberWithin(schema, false)
      case 'boolean':
        return this.#pick([true, false])
      default:
        return null
    }
  }

  /** Follows references and takes, of alternatives, the first that is not null. */
  #resolve(given: unknown, nested: number): JsonObject {
    let schema = isObject(given) ? given : {}
    for (let hops = 0; hops < deepest * 2; hops++) {
      const next = this.#hop(schema, nested)
      if (!next) break
      schema = next
    }
    return schema
  }

  #hop(schema: JsonObject, nested: number): JsonObject | undefined {
    if (++this.#made > mostValues) return undefined
    const { $ref, anyOf, oneOf, allOf, ...rest } = schema
    if (typeof $ref === 'string') return { ...this.#referred($ref), ...rest }
    const alternatives = [anyOf, oneOf].find((list) => Array.isArray(list) && list.length > 0)
    if (alternatives) {
      const options = (alternatives as unknown[]).filter(isObject)
      return { ...rest, ...options.find((option) => option['type'] !== 'null') }
    }
    if (!Array.isArray(allOf) || nested > deepest) return undefined
    return allOf
      .slice(0, deepest)
      .reduce<JsonObject>((all, part) => merged(all, this.#resolve(part, nested + 1)), rest)
  }

  #referred(reference: string): JsonObject {
    if (!reference.startsWith('#')) return {}
    let found: unknown = this.#root
    for (const part of reference.split('/').slice(1)) {
      const name = decodeURIComponentSafely(part).replaceAll('~1', '/').replaceAll('~0', '~')
      found = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined
    }
    return isObject(found) ? found : {}
  }

  #type(schema: JsonObject): unknown {
    const type = schema['type']
    if (Array.isArray(type)) return type.find((name) => name !== 'null') ?? 'null'
    if (type !== undefined) return type
    if (schema['properties']) return 'object'
    return schema['items'] ? 'array' : 'string'
  }

  #object(schema: JsonObject, depth: number): unknown {
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
    // Arguments that may be null are for whom knows better: made up, they lead agents astray.
    const leavesNulls = this.#choices.mark !== undefined && depth === 0 && this.#hasCarrier(properties)
    const names = depth === 0 ? new Set([...required, ...Object.keys(properties)]) : new Set(required)
    return Object.fromEntries(
      [...names]
        .filter((name) => typeof name === 'string')
        .map((name) => {
          const property = Object.hasOwn(properties, name) ? properties[name] : {}
          const isLeft = leavesNulls && isNullable(property)
          return [name, depth < deepest && !isLeft ? this.value(property, depth + 1) : null]
        }),
    )
  }

  /** Whether a string carries the mark that may not be null. */
  #hasCarrier(properties: JsonObject): boolean {
    return Object.values(properties).some(
      (property) =>
        isObject(property) && property['type'] === 'string' && !property['enum'] && !('const' in property),
    )
  }

  #array(schema: JsonObject, depth: number): unknown {
    const least = boundOf(schema['minItems']) ?? 0
    const most = Math.min(boundOf(schema['maxItems']) ?? Infinity, 100)
    const wanted = Math.min(most, Math.max(least, depth + 1 < deepest ? 1 : 0))
    return Array.from({ length: wanted }, () => this.value(schema['items'], depth + 1))
  }

  #string(schema: JsonObject): string {
    const format = formats[String(schema['format'])]
    if (format !== undefined) return format
    const most = boundOf(schema['maxLength']) ?? Infinity
    const least = Math.min(boundOf(schema['minLength']) ?? 0, 10_000)
    const pattern = schema['pattern']
    if (typeof pattern === 'string') return sampleOf(pattern, least)
    const word = this.#pick(words)
    const marked = this.#choices.mark === undefined ? word : `${word} ${this.#choices.mark}`
    return (marked.length <= most ? marked : word.slice(0, most)).padEnd(least, ' and more')
  }

  #pick<T>(options: readonly T[]): T {
    return options[Math.floor(this.#choices.uniform(this.#made++) * options.length)]!
  }
}

function isNullable(property: unknown): boolean {
  if (!isObject(property)) return false
  const { type, anyOf, oneOf, nullable } = property
  if (nullable === true || (Array.isArray(type) && type.includes('null'))) return true
  return [anyOf, oneOf].some(
    (list) => Array.isArray(list) && list.some((option) => isObject(option) && option['type'] === 'null'),
  )
}

const words = [
  'order status',
  'opening hours',
  'delivery date',
  'refund policy',
  'account details',
  'last invoice',
]

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-11-21T09:30:00Z',
  date: '2026-11-21',
  time: '09:30:00Z',
  duration: 'P1D',
  email: 'user@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '7f8c1a52-93b0-4d1e-8f4a-2b6c5d4e3f10',
  uri: 'https://example.com/',
}

/** A number that the bounds allow, near to 1 where they do. */
function numberWithin(schema: JsonObject, whole: boolean): number {
  const step = positive(schema['multipleOf']) ?? (whole ? 1 : undefined)
  const above = boundOf(schema['exclusiveMinimum']) ?? -Infinity
  const below = boundOf(schema['exclusiveMaximum']) ?? Infinity
  const low = Math.max(boundOf(schema['minimum']) ?? -Infinity, above)
  const high = Math.min(boundOf(schema['maximum']) ?? Infinity, below)
  if (step === undefined) {
    if (low < 1 && high > 1) return 1
    if (low > -Infinity && high < Infinity) return (low + high) / 2
    return low > -Infinity ? low + 1 : high - 1
  }
  const near = Math.min(Math.max(1, low), high)
  const candidates = [
    Math.ceil(near / step),
    Math.ceil(near / step) + 1,
    Math.floor(near / step),
    Math.floor(near / step) - 1,
  ]
  const fits = candidates
    .map((count) => count * step)
    .find((value) => value >= low && value <= high && value > above && value < below)
  return (fits ?? near) + 0
}

/** A short text that a pattern accepts, where one of a few usual ones does; patterns are not solved. */
function sampleOf(pattern: string, least: number): string {
  const samples = [
    '1',
    '12',
    '123',
    '1234',
    '12345',
    '123456',
    'a',
    'abc',
    'A',
    'ABC',
    'A1',
    'ABC-123',
    'a-b',
    '2026-11-21',
  ]
  try {
    const expression = new RegExp(pattern, 'u')
    return samples.find((sample) => sample.length >= least && expression.test(sample)) ?? 'a'
  } catch {
    return 'a'
  }
}

function merged(all: JsonObject, part: JsonObject): JsonObject {
  const properties = isObject(part['properties'])
    ? { ...(all['properties'] as JsonObject), ...part['properties'] }
    : all['properties']
  const required = [all['required'], part['required']].filter((list) => Array.isArray(list)).flat()
  return {
    ...all,
    ...part,
    ...(properties ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
  }
}

const boundOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

const positive = (value: unknown): number | undefined => {
  const bound = boundOf(value)
  return bound !== undefined && bound > 0 ? bound : undefined
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
