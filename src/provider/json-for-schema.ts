import { isObject, type JsonObject } from '../wire/request-fields.ts'
import { boundOf, numberForSchema, stepOf } from './number-for-schema.ts'
import { stringForSchema } from './string-for-schema.ts'
import { accepts } from './text-for-pattern.ts'

export interface SchemaChoices {
  /** A uniform in (0, 1) for each choice that has to be made. */
  readonly uniform: (ordinal: number) => number
  /** Ends free strings where there is room for it. */
  readonly mark?: string
}

/** From here on nothing is made that may be left out: schemas refer to themselves. */
const deepestOptional = 4
/** What is demanded still further down is left out all the same. */
const deepest = 32
/** A schema may refer to itself in more ways than one; what it asks for beyond this is left out. */
const mostValues = 2000
const mostHops = 16
const mostNested = 8

/** A value that is valid for a JSON Schema, of the kinds that model APIs accept. Recursion ends as soon as it may. */
export function jsonForSchema(schema: JsonObject, choices: SchemaChoices): unknown {
  return new Generator(schema, choices).value(schema, 0)
}

/** What a part of a schema comes to: references followed, one of its alternatives taken. */
export function plainPart(root: JsonObject, part: unknown): JsonObject {
  return new Generator(root, { uniform: () => 0.5 }).plain(part, 0)
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
    if (++this.#made > mostValues || depth > deepest) return null
    const schema = this.plain(given, depth)
    if ('const' in schema) return schema['const']
    const options = schema['enum']
    if (Array.isArray(options) && options.length > 0) return this.#pick(options)
    switch (this.#type(schema, depth)) {
      case 'object':
        return this.#object(schema, depth)
      case 'array':
        return this.#array(schema, depth)
      case 'string':
        return stringForSchema(schema, this.#pick(words), this.#choices.mark)
      case 'integer':
        return numberForSchema(schema, true)
      case 'number':
        return numberForSchema(schema, false)
      case 'boolean':
        return this.#pick([true, false])
      default:
        return null
    }
  }

  /** Follows references and takes, of alternatives, the first that is not null, but deep down null where it may. */
  plain(given: unknown, depth: number, nested = 0): JsonObject {
    let schema = isObject(given) ? given : {}
    for (let hops = 0; hops < mostHops; hops++) {
      const next = this.#hop(schema, depth, nested)
      if (!next) break
      schema = next
    }
    return schema
  }

  #hop(schema: JsonObject, depth: number, nested: number): JsonObject | undefined {
    if (++this.#made > mostValues) return undefined
    const { $ref, anyOf, oneOf, allOf, ...rest } = schema
    if (typeof $ref === 'string') {
      const { $ref: _, ...besides } = schema
      return merged(this.#referred($ref), besides)
    }
    const alternatives = [anyOf, oneOf].find((list) => Array.isArray(list) && list.length > 0)
    if (alternatives) {
      const options = (alternatives as unknown[]).filter(isObject)
      const nothing = options.find(isNull)
      const something = options.find((option) => !isNull(option))
      const taken = depth >= deepestOptional ? (nothing ?? something) : (something ?? nothing)
      return merged(allOf === undefined ? rest : { ...rest, allOf }, taken ?? {})
    }
    if (!Array.isArray(allOf) || nested > mostNested) return undefined
    return allOf
      .slice(0, mostNested)
      .reduce<JsonObject>((all, part) => merged(all, this.plain(part, depth, nested + 1)), rest)
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

  #type(schema: JsonObject, depth: number): unknown {
    const type = schema['type']
    if (Array.isArray(type))
      return depth >= deepestOptional && type.includes('null')
        ? 'null'
        : (type.find((name) => name !== 'null') ?? 'null')
    if (type !== undefined) return type
    if (schema['properties']) return 'object'
    return schema['items'] || schema['prefixItems'] ? 'array' : 'string'
  }

  #object(schema: JsonObject, depth: number): unknown {
    const properties = isObject(schema['properties']) ? schema['properties'] : {}
    const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
    // Values made up for arguments that may be null lead agents astray, so these are left null.
    const leavesNulls = this.#choices.mark !== undefined && depth === 0 && this.#hasCarrier(properties)
    const names = depth === 0 ? new Set([...required, ...Object.keys(properties)]) : new Set(required)
    const least = Math.min(boundOf(schema['minProperties']) ?? 0, mostAdded)
    for (let i = 1; names.size < least; i++) names.add(Object.keys(properties)[i - 1] ?? `key${i}`)
    return Object.fromEntries(
      [...names]
        .filter((name) => typeof name === 'string')
        .map((name) => {
          const property = Object.hasOwn(properties, name) ? properties[name] : undeclared(schema, name)
          return [name, leavesNulls && isNullable(property) ? null : this.value(property, depth + 1)]
        }),
    )
  }

  /** Whether some property is a free string, which can carry the mark. */
  #hasCarrier(properties: JsonObject): boolean {
    return Object.values(properties).some(
      (property) =>
        isObject(property) && property['type'] === 'string' && !property['enum'] && !('const' in property),
    )
  }

  /** The items of a tuple stand under either name. */
  #array(schema: JsonObject, depth: number): unknown {
    const { prefixItems, items } = schema
    const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : []
    const others = Array.isArray(items) ? schema['additionalItems'] : items
    const least = Math.max(boundOf(schema['minItems']) ?? 0, first.length)
    const usual = depth + 1 < deepestOptional && others !== false ? 1 : 0
    const most = Math.min(boundOf(schema['maxItems']) ?? Infinity, mostAdded)
    const wanted = Math.min(most, Math.max(least, usual))
    const values = Array.from({ length: wanted }, (_, index) => this.value(first[index] ?? others, depth + 1))
    return schema['uniqueItems'] === true ? this.#distinct(values, this.plain(others, depth + 1)) : values
  }

  /** Values of a schema of which no two are the same, as far as that is easily done. */
  #distinct(values: readonly unknown[], schema: JsonObject): readonly unknown[] {
    const options = schema['enum']
    const whole = schema['type'] === 'integer'
    const taken = new Set<string>()
    return values.map((value) => {
      let other = value
      for (let i = 0; taken.has(JSON.stringify(other)) && i < values.length; i++)
        if (Array.isArray(options)) other = options[i] as unknown
        else if (typeof value === 'number') other = value + (i + 1) * (stepOf(schema, whole) ?? 0.001)
        else if (typeof value === 'string') other = `${i + 2} ${value}`
      taken.add(JSON.stringify(other))
      return other
    })
  }

  #pick<T>(options: readonly T[]): T {
    return options[Math.floor(this.#choices.uniform(this.#made++) * options.length)]!
  }
}

/** Items and properties that are made because a schema asks for so many. */
const mostAdded = 1000

/** The schema of a property that has none of its own. */
function undeclared({ patternProperties, additionalProperties }: JsonObject, name: string): unknown {
  const patterns = isObject(patternProperties) ? Object.entries(patternProperties) : []
  return patterns.find(([pattern]) => accepts(pattern, name))?.[1] ?? additionalProperties
}

const isNull = (schema: JsonObject): boolean => schema['type'] === 'null' || schema['const'] === null

function isNullable(property: unknown): boolean {
  if (!isObject(property)) return false
  const { type, anyOf, oneOf, nullable } = property
  if (nullable === true || (Array.isArray(type) && type.includes('null'))) return true
  return [anyOf, oneOf].some(
    (list) => Array.isArray(list) && list.some((option) => isObject(option) && isNull(option)),
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

const lowerBounds = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties']
const upperBounds = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties']

/** Both at once: properties and what is required of either, the tighter bounds. */
function merged(all: JsonObject, part: JsonObject): JsonObject {
  const properties = isObject(part['properties'])
    ? { ...(all['properties'] as JsonObject), ...part['properties'] }
    : all['properties']
  const required = [all['required'], part['required']].filter((list) => Array.isArray(list)).flat()
  const tighter = (names: readonly string[], pick: (one: number, other: number) => number) =>
    names.flatMap((name) => {
      const [one, other] = [boundOf(all[name]), boundOf(part[name])]
      return one === undefined || other === undefined ? [] : [[name, pick(one, other)]]
    })
  return {
    ...all,
    ...part,
    ...(properties ? { properties } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...Object.fromEntries([...tighter(lowerBounds, Math.max), ...tighter(upperBounds, Math.min)]),
  }
}

function decodeURIComponentSafely(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
