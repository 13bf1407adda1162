import { isObject, type JsonObject } from './request-fields.ts'

/** What is wrong, and where; without a place, with the schema as a whole. */
export interface Wrong {
  readonly at?: readonly string[]
  readonly why: string
}

/** Looks at one schema, not at those that stand in it. */
export type Check = (schema: JsonObject) => Wrong | undefined

const several = ['$defs', 'definitions', 'properties', 'anyOf', 'allOf', 'prefixItems']
const single = ['items', 'additionalProperties']

/**
 * The first that the check finds in a schema or in what stands in it. Each request waits for this, so places are put
 * together only for what is wrong.
 */
export function firstWrong(schema: JsonObject, check: Check): Wrong | undefined {
  const own = check(schema)
  if (own) return { at: [], ...own }
  for (const name of several) {
    const parts = schema[name] as JsonObject | undefined
    if (typeof parts !== 'object' || parts === null) continue
    for (const key of Object.keys(parts)) {
      const wrong = wrongPart(parts[key], check)
      if (wrong) return within([name, key], wrong)
    }
  }
  for (const name of single) {
    const wrong = wrongPart(schema[name], check)
    if (wrong) return within([name], wrong)
  }
  return undefined
}

const wrongPart = (part: unknown, check: Check): Wrong | undefined =>
  isObject(part) ? firstWrong(part, check) : undefined

const within = (path: readonly string[], { at = [], why }: Wrong): Wrong => ({ at: [...path, ...at], why })
