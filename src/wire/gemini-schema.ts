import { isObject, type JsonObject, requireShallow } from './request-fields.ts'

/** Gemini's own schema (OpenAPI: `type: 'STRING'`, `nullable`, counts as strings) as a JSON Schema. */
export function plainSchema(schema: JsonObject): JsonObject {
  requireShallow(schema, 'parameters')
  return convert(schema)
}

const counts = new Set(['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties'])

function convert(schema: JsonObject): JsonObject {
  const entries = Object.entries(schema).map(([key, value]): [string, unknown] => {
    if (key === 'type' && typeof value === 'string') return [key, value.toLowerCase()]
    if (counts.has(key) && typeof value === 'string') return [key, Number(value)]
    if (key === 'properties' && isObject(value))
      return [key, Object.fromEntries(Object.entries(value).map(([name, each]) => [name, inner(each)]))]
    if (key === 'items') return [key, inner(value)]
    if (key === 'anyOf' && Array.isArray(value)) return [key, value.map(inner)]
    return [key, value]
  })
  return Object.fromEntries(entries)
}

const inner = (value: unknown): unknown => (isObject(value) ? convert(value) : value)
