import { isObject, type JsonObject, listIn, Refusal } from './request-fields.ts'
import { type Check, firstWrong, type Wrong } from './wrong-schema.ts'

/** Refuses the schemas of Chat Completions that OpenAI refuses. */
export function requireChatSchemas(body: JsonObject): void {
  for (const [index, tool] of listIn(body, 'tools').entries())
    requireFunctionSchema(tool['function'], `tools[${index}].function.parameters`)
  const format = body['response_format']
  if (isObject(format)) requireAnswerSchema(format['json_schema'], 'response_format', null)
}

/** Refuses the schemas of Responses that OpenAI refuses. */
export function requireResponsesSchemas(body: JsonObject): void {
  for (const [index, tool] of listIn(body, 'tools').entries())
    if (tool['type'] === 'function') requireFunctionSchema(tool, `tools[${index}].parameters`)
  const { text } = body
  if (isObject(text)) requireAnswerSchema(text['format'], 'text.format.schema', 'invalid_json_schema')
}

function requireFunctionSchema(declared: unknown, param: string): void {
  if (!isObject(declared) || !isObject(declared['parameters'])) return
  const { name, parameters, strict } = declared
  const wrong =
    wrongRoot(parameters) ??
    firstWrong(parameters, wrongAnyhow) ??
    (parameters['properties'] ? undefined : { at: [], why: 'object schema missing properties.' }) ??
    (strict === true ? firstWrong(parameters, wrongWhereStrict) : undefined)
  if (wrong) throw refusal(`function '${String(name)}'`, wrong, param, 'invalid_function_parameters')
}

/** What is not strict is a hint to the model. */
function requireAnswerSchema(declared: unknown, param: string, code: string | null): void {
  if (!isObject(declared) || declared['strict'] !== true || !isObject(declared['schema'])) return
  const { name, schema } = declared
  const wrong = wrongRoot(schema) ?? firstWrong(schema, wrongAnyhow) ?? firstWrong(schema, wrongWhereStrict)
  if (wrong) throw refusal(`response_format '${String(name)}'`, wrong, param, code)
}

function refusal(of: string, { at, why }: Wrong, param: string, code: string | null): Refusal {
  const place = at ? `In context=${tuple(at)}, ` : ''
  return new Refusal(`Invalid schema for ${of.slice(0, 100)}: ${place}${why}`, param, code)
}

/** As Python writes it. */
const tuple = (path: readonly string[]): string => `(${quoted(path)}${path.length === 1 ? ',' : ''})`
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

function wrongRoot({ type }: JsonObject): Wrong | undefined {
  const told = typeof type === 'string' ? type : 'None'
  if (told === 'object') return undefined
  return { why: `schema must be a JSON Schema of 'type: "object"', got 'type: "${told}"'.` }
}

/** What is refused whether or not it is strict. */
const wrongAnyhow: Check = ({ type, items, prefixItems }) => {
  const arrayAt = Array.isArray(type) ? type.indexOf('array') : -1
  if ((type !== 'array' && arrayAt < 0) || items || prefixItems) return undefined
  return { at: arrayAt < 0 ? [] : ['type', String(arrayAt)], why: 'array schema missing items.' }
}

/** Whatever may be said is named, and all of it is said. */
const wrongWhereStrict: Check = (schema) => {
  const { type, properties } = schema
  if ('oneOf' in schema) return { why: "'oneOf' is not permitted." }
  if (type !== 'object' && !(Array.isArray(type) && type.includes('object'))) return undefined
  if (schema['additionalProperties'] !== false)
    return { why: "'additionalProperties' is required to be supplied and to be false." }
  const required = new Set<unknown>(Array.isArray(schema['required']) ? schema['required'] : [])
  const missing = isObject(properties) && Object.keys(properties).find((name) => !required.has(name))
  if (typeof missing !== 'string') return undefined
  return {
    why: `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`,
  }
}
