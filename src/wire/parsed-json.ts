import { isObject, type JsonObject } from './request-fields.ts'

/** The value that a text of JSON stands for; undefined, which no JSON is, where the text is not JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** The object that a text of JSON stands for; undefined where it is another value, or not JSON. */
export function jsonObject(text: string): JsonObject | undefined {
  const value = parsedJson(text)
  return isObject(value) ? value : undefined
}
