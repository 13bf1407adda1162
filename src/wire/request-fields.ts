import { invalidRequest, type OpenAiError } from './openai-error.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export type ReadRequest<R> = { readonly request: R } | { readonly error: OpenAiError }

/** Levels of arrays and objects in what is read level by level: schemas. */
const deepestLevel = 100

/** Why a request is not understood. */
export class Refusal extends Error {
  readonly error: OpenAiError

  constructor(message: string, param: string | null, code: string | null = null, status = 400) {
    super(message)
    this.error = { ...invalidRequest(message, param, code), status }
  }
}

/** Reads a body with a reader that throws nothing but refusals. */
export function readRequest<R>(body: string, reader: (body: JsonObject) => R): ReadRequest<R> {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return {
      error: invalidRequest('The JSON body of the request could not be parsed. It is not valid JSON.'),
    }
  }
  if (!isObject(value)) return { error: invalidRequest('The body of the request has to be a JSON object.') }
  try {
    return { request: reader(value) }
  } catch (error) {
    if (error instanceof Refusal) return { error: error.error }
    throw error
  }
}

/** The model that every request names, in its body or in its path. */
export function modelName(body: JsonObject, ofPath?: string): string {
  const model = ofPath ?? body['model']
  if (model === undefined || model === null) throw new Refusal('you must provide a model parameter', 'model')
  if (typeof model !== 'string') throw wrongType('model', 'a string', model)
  return model
}

/** Refuses what would nest deeper than the stack of whoever reads it. */
export function requireShallow(value: unknown, param: string, level = 0): void {
  if (typeof value !== 'object' || value === null) return
  if (level > deepestLevel)
    throw new Refusal(
      `Invalid '${param}': nested deeper than ${deepestLevel} levels.`,
      param,
      'invalid_value',
    )
  for (const inner of Object.values(value)) requireShallow(inner, param, level + 1)
}

interface Kind<T> {
  readonly words: string
  is(value: unknown): value is T
}

/* Kinds of values for `required` and `optional`. */
export const boolean: Kind<boolean> = { words: 'a boolean', is: (value) => typeof value === 'boolean' }
export const string: Kind<string> = { words: 'a string', is: (value) => typeof value === 'string' }
export const number: Kind<number> = {
  words: 'a number',
  is: (value): value is number => typeof value === 'number',
}
export const object: Kind<JsonObject> = { words: 'an object', is: isObject }
export const array: Kind<readonly unknown[]> = { words: 'an array', is: (value) => Array.isArray(value) }
export const count: Kind<number> = {
  words: 'a whole number of at least 0',
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0,
}
export const wholeNumber: Kind<number> = {
  words: 'a whole number of at least 1',
  is: (value): value is number => Number.isSafeInteger(value) && (value as number) >= 1,
}

/** A field that may be absent or null. */
export function optional<T>(from: JsonObject, name: string, kind: Kind<T>, path = ''): T | undefined {
  const value = from[name]
  return value === undefined || value === null ? undefined : required(from, name, kind, path)
}

/** A field that has to be there; `path` is what stands before its name in an error. */
export function required<T>(from: JsonObject, name: string, kind: Kind<T>, path = ''): T {
  const value = from[name]
  if (!kind.is(value)) throw wrongType(path + name, kind.words, value)
  return value
}

/** No more of a list than the API takes, in OpenAI's words. */
export function requireFew(list: readonly unknown[], name: string, most: number): void {
  if (list.length > most)
    throw new Refusal(
      `Invalid '${name}': array too long. Expected an array with maximum length ${most}, but got an array with length ${list.length} instead.`,
      name,
      'array_above_max_length',
    )
}

/** Whether a value is a JSON object: no list, and not null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The objects of a list; none where there is no list. */
export function listIn(from: JsonObject, name: string): readonly JsonObject[] {
  const list = from[name]
  return Array.isArray(list) ? list.filter(isObject) : []
}

/** The object of this name; undefined where there is none. */
export function objectIn(from: JsonObject | undefined, name: string): JsonObject | undefined {
  const value = from?.[name]
  return isObject(value) ? value : undefined
}

/** Refuses a field that is missing or of another type, in OpenAI's words. */
export function wrongType(param: string, expected: string, value: unknown): Refusal {
  if (value === undefined)
    return new Refusal(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter')
  return new Refusal(
    `Invalid type for '${param}': expected ${expected}, but got ${kindOf(value)} instead.`,
    param,
    'invalid_type',
  )
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'number' ? `the number ${value}` : `a ${typeof value}`
}
