import { parsedJson } from '../../wire/parsed-json.ts'

/** A question whose answer is known, or can be judged. */
export interface GoldenQuestion {
  /** For people and records: the text of the question is kept nowhere. */
  readonly name: string
  readonly question: string
  readonly slices: readonly string[]
  readonly expect: Expected
}

/** What makes an answer a right one. */
export type Expected =
  | { readonly kind: 'contains'; readonly text: string }
  | { readonly kind: 'regex'; readonly pattern: RegExp }
  /** The answer is JSON that holds at least this. */
  | { readonly kind: 'json'; readonly subset: unknown }
  /** The answer is JSON of which this holds. */
  | { readonly kind: 'schema'; readonly isValid: (value: unknown) => boolean }
  /** A command of the user's that is given the answer. */
  | { readonly kind: 'judge'; readonly command: readonly [string, ...string[]]; readonly timeoutMs: number }

/** Asks a judge: what it says, or undefined where it could not tell. */
export type AskJudge = (
  judge: Expected & { readonly kind: 'judge' },
  asked: { readonly name: string; readonly question: string; readonly answer: string },
) => Promise<boolean | undefined>

/** Whether an answer is a right one; undefined where its judge could not tell. */
export async function judgeAnswer(
  { name, question, expect }: GoldenQuestion,
  answer: string,
  ask: AskJudge,
): Promise<boolean | undefined> {
  switch (expect.kind) {
    case 'contains':
      return answer.toLowerCase().includes(expect.text.toLowerCase())
    case 'regex':
      return expect.pattern.test(answer)
    case 'json':
      return holds(jsonIn(answer), expect.subset)
    case 'schema': {
      const value = jsonIn(answer)
      return value !== undefined && expect.isValid(value)
    }
    case 'judge':
      return ask(expect, { name, question, answer })
    default:
      return expect satisfies never
  }
}

/** The JSON that an answer is, or holds in a fence; undefined where there is none. */
function jsonIn(answer: string): unknown {
  const [, fenced] = /```(?:json)?\s*\n([\s\S]*?)```/.exec(answer) ?? []
  return parsedJson(fenced ?? answer)
}

/** Whether a value has at least what is wanted: all fields of an object, each item of a list in its place. */
function holds(value: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted))
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((each, i) => holds(value[i], each))
    )
  if (typeof wanted === 'object' && wanted !== null)
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(wanted).every(
        ([key, each]) => Object.hasOwn(value, key) && holds((value as Record<string, unknown>)[key], each),
      )
    )
  return value === wanted
}
