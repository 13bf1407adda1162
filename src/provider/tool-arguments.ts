import type { Tool } from '../workload/workload.ts'
import { isObject, type JsonObject } from '../wire/request-fields.ts'
import { jsonForSchema, plainPart, type SchemaChoices } from './json-for-schema.ts'

/**
 * Arguments that are valid for what the request declares, as JSON. The workload's own values are used where the
 * declared schema takes them.
 */
export function toolArguments(tool: Tool, parameters: JsonObject, choices: SchemaChoices): string {
  const value = jsonForSchema(parameters, choices)
  if (!isObject(value)) return '{}'
  const plain = plainPart(parameters, parameters)
  const properties = isObject(plain['properties']) ? plain['properties'] : {}
  const open = plain['additionalProperties'] !== false
  const given = Object.entries(tool.arguments).flatMap(([name, values], index) => {
    const declared = Object.hasOwn(properties, name)
    const drawn = drawnOf(values, index, choices)
    if (drawn === undefined || (!declared && !open)) return []
    const fitting = declared ? fit(drawn, plainPart(parameters, properties[name])) : drawn
    return fitting === undefined ? [] : [[name, fitting] as const]
  })
  return JSON.stringify({ ...value, ...Object.fromEntries(given) })
}

/** The text that a custom tool takes: the workload's own values where it has some, with the mark after them. */
export function toolInput(tool: Tool, { mark, ...choices }: SchemaChoices): string {
  const given = Object.values(tool.arguments).map((values, index) => drawnOf(values, index, choices) ?? '')
  const words = given.join(' ').trim() || (jsonForSchema({ type: 'string' }, choices) as string)
  return mark === undefined ? words : `${words} ${mark}`
}

function drawnOf<V>(values: readonly V[], index: number, { uniform }: SchemaChoices): V | undefined {
  return values.length === 0 ? undefined : values[Math.floor(uniform(givenFrom + index) * values.length)]
}

/** Draws for given values are apart from those for generated ones. */
const givenFrom = 1000

/** A value of the file in the type that the agent declares; undefined where it does not fit. */
function fit(value: string | number, { type, enum: options }: JsonObject): string | number | undefined {
  if (Array.isArray(options))
    return options.find((option) => String(option) === String(value)) as string | number | undefined
  const types = Array.isArray(type) ? type : [type]
  if (types.includes('string') && typeof value === 'number')
    return types.includes('number') ? value : String(value)
  if (types.includes('string') || type === undefined) return value
  const number = Number(value)
  const fits = types.includes('number')
    ? Number.isFinite(number)
    : types.includes('integer') && Number.isInteger(number)
  return fits ? number : undefined
}
