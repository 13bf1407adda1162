import { isObject, type JsonObject, listIn, Refusal } from './request-fields.ts'

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
  const refuse = refusal(`function '${String(name)}'`, param, 'invalid_function_parameters')
  requireObject(parameters, refuse)
  requirePlain(parameters, [], refuse)
  if (!parameters['properties']) throw refuse([], 'object schema missing properties.')
  if (strict === true) requireStrict(parameters, [], refuse)
}

/** What is not strict is a hint to the model. */
function requireAnswerSchema(declared: unknown, param: string, code: string | null): void {
  if (!isObject(declared) || declared['strict'] !== true || !isObject(declared['schema'])) return
  const { name, schema } = declared
  const refuse = refusal(`response_format '${String(name)}'`, param, code)
  requireObject(schema, refuse)
  requirePlain(schema, [], refuse)
  requireStrict(schema, [], refuse)
}

type Path = readonly string[]
/** Says what is wrong at a place of a schema; without a place, of the schema as a whole. */
type Refuse = (at: Path | undefined, why: string) => Refusal

function refusal(of: string, param: string, code: string | null): Refuse {
  return (at, why) => {
    const place = at ? `In context=${tuple(at)}, ` : ''
    return new Refusal(`Invalid schema for ${of.slice(0, 100)}: ${place}${why}`, param, code)
  }
}

/** As Python writes it. */
const tuple = (path: Path): string => `(${quoted(path)}${path.length === 1 ? ',' : ''})`
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ')

function requireObject({ type }: JsonObject, refuse: Refuse): void {
  const told = typeof type === 'string' ? type : 'None'
  if (told !== 'object')
    throw refuse(undefined, `schema must be a JSON Schema of 'type: "object"', got 'type: "${told}"'.`)
}

/** What is refused whether or not it is strict. */
function requirePlain(schema: JsonObject, at: Path, refuse: Refuse): void {
  const { type, items, prefixItems } = schema
  const arrayAt = Array.isArray(type) ? type.indexOf('array') : -1
  if ((type === 'array' || arrayAt >= 0) && !items && !prefixItems)
    throw refuse(arrayAt >= 0 ? [...at, 'type', String(arrayAt)] : at, 'array schema missing items.')
  if ('oneOf' in schema) throw refuse(at, "'oneOf' is not permitted.")
  for (const [path, part] of partsOf(schema)) requirePlain(part, [...at, ...path], refuse)
}

/** Whatever may be said is named, and all of it is said. */
function requireStrict(schema: JsonObject, at: Path, refuse: Refuse): void {
  const properties = isObject(schema['properties']) ? Object.keys(schema['properties']) : []
  const { type } = schema
  if (type === 'object' || (Array.isArray(type) && type.includes('object'))) {
    if (schema['additionalProperties'] !== false)
      throw refuse(at, "'additionalProperties' is required to be supplied and to be false.")
    const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : []
    const missing = properties.find((name) => !required.includes(name))
    if (missing !== undefined)
      throw refuse(
        at,
        `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`,
      )
  }
  for (const [path, part] of partsOf(schema)) requireStrict(part, [...at, ...path], refuse)
}

/** The schemas that stand in a schema, and where. */
function* partsOf(schema: JsonObject): Generator<readonly [path: Path, part: JsonObject]> {
  for (const name of ['$defs', 'definitions', 'properties']) {
    const named = schema[name]
    if (isObject(named))
      for (const [key, part] of Object.entries(named)) if (isObject(part)) yield [[name, key], part]
  }
  for (const name of ['items', 'additionalProperties']) {
    const part = schema[name]
    if (isObject(part)) yield [[name], part]
  }
  for (const name of ['anyOf', 'allOf', 'prefixItems'])
    for (const [index, part] of listIn(schema, name).entries()) yield [[name, String(index)], part]
}
