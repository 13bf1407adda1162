import type { z } from 'zod'
import { didYouMean, nearest } from './nearest.ts'
import { type Path, pathText, type PlacedProblem, type ProblemCode } from './problem.ts'
import { shown } from './quantity.ts'
import { homesOf, keysAt } from './schema-keys.ts'

type Issue = z.core.$ZodIssue

/** Zod's issues in the words of the workload file, each with its place and a hint. */
export function explain(schema: z.core.$ZodType, root: unknown, issues: readonly Issue[]): PlacedProblem[] {
  return issues.flatMap((issue) => explainOne(schema, root, issue, []))
}

function explainOne(schema: z.core.$ZodType, root: unknown, issue: Issue, before: Path): PlacedProblem[] {
  const path: Path = [...before, ...(issue.path as (string | number)[])]
  const at = pathText(path) || 'the file'
  const value = valueAt(root, path)
  const one = (code: ProblemCode, message: string, hint?: string): PlacedProblem[] => [
    { code, message: `${at}: ${message}`, hint, path },
  ]
  const seen = path[0] === 'target' ? 'the value' : shown(value)
  if (value === null) return one('no_value', 'has no value', 'give it one, or leave the key out')
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(schema, path, key))
    case 'custom': {
      if (value === undefined) return one('missing', 'is missing')
      const { code, hint } = issue.params as { code: ProblemCode; hint?: string }
      return one(code, issue.message, hint)
    }
    case 'invalid_union':
      return branchOf(issue.errors, value).flatMap((inner) => explainOne(schema, root, inner, path))
    case 'invalid_type':
      return value === undefined
        ? one('missing', 'is missing')
        : one('wrong_type', `${seen} is not ${article(issue.expected)}`)
    case 'invalid_value':
      return value === undefined
        ? one('missing', 'is missing', `one of ${issue.values.join(', ')}`)
        : one('unknown_name', `${seen} is not known`, didYouMean(shown(value), issue.values.map(String)))
    case 'invalid_key':
      return [
        {
          code: 'unknown_key',
          message: `${at}: is no name for it`,
          hint: 'letters, digits, _ and -',
          path,
          atKey: true,
        },
      ]
    case 'too_small':
      return one(
        'out_of_range',
        issue.origin === 'array' || issue.origin === 'string'
          ? 'is empty'
          : `${shown(value)} is below ${issue.minimum}`,
        issue.origin === 'array' ? 'give it an entry, or leave the key out' : undefined,
      )
    case 'too_big':
      return one('out_of_range', `${shown(value)} is above ${issue.maximum}`)
    default:
      return one('wrong_type', issue.message)
  }
}

const articles: Readonly<Record<string, string>> = {
  object: 'a map',
  record: 'a map',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
  int: 'a whole number',
}
const article = (expected: string): string => articles[expected] ?? `a ${expected}`

/** Of a choice, the alternative that the value was meant to be: the one that got past its own type. */
function branchOf(branches: readonly (readonly Issue[])[], value: unknown): readonly Issue[] {
  const isTypeIssue = (issue: Issue): boolean =>
    issue.path.length === 0 && (issue.code === 'invalid_type' || issue.code === 'custom')
  // Shares of values, such as { 30s: 50%, 1m: 50% }, are no section.
  if (isShares(value)) return branches[0]!
  const meant = branches.filter((issues) => !issues.some(isTypeIssue))
  if (meant.length > 0) return meant[0]!
  if (typeof value === 'object') return branches.at(-1)!
  return branches[0]!
}

function isShares(value: unknown): boolean {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  return keys.length > 0 && !Array.isArray(value) && keys.every((key) => /^\d/.test(key))
}

function unknownKey(schema: z.core.$ZodType, path: Path, key: string): PlacedProblem {
  const keys = keysAt(schema, path)
  const at = pathText(path)
  const homes = homesOf(schema, key).filter((home) => home !== at)
  const near = nearest(key, keys)
  const hint =
    key === '<<'
      ? 'YAML merge keys are not read: write the fields out, or alias a whole section'
      : near.length === 0 && homes.length > 0
        ? `${key} belongs under ${homes.slice(0, 3).join(' or ')}`
        : didYouMean(key, keys)
  const message = `${at ? `${at}: ` : ''}unknown key ${shown(key)}`
  return { code: 'unknown_key', message, hint, path: [...path, key], atKey: true }
}

/** What the file says at `path`; undefined where it says nothing. */
export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Readonly<Record<string | number, unknown>>)[part]
  }
  return value
}
