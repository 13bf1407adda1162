import { Mistake } from './mistake.ts'
import { shown } from './quantity.ts'
import type { TurnRange } from './workload.ts'

/** The part of all turns that an objective is about. */
export interface ObjectiveTags {
  readonly scenario?: string
  readonly turns?: TurnRange
}

const example =
  'such as ttft{turn:1} p95 < 2s, ttft{scenario:faq,turn:4-7} p95 < 2s or turn{turn:8+} mean < 5s'

/** Reads what stands in the braces behind a metric, as k6 writes it: `scenario:faq,turn:1`. Throws a `Mistake`. */
export function readTags(text: string): ObjectiveTags {
  return text.split(/,(?=\s*\w+\s*:)/).reduce<ObjectiveTags>((tags, part) => {
    const [, key, value] = /^\s*(\w+)\s*:\s*(.*\S)\s*$/.exec(part) ?? []
    if (key === 'scenario') return { ...tags, scenario: value! }
    if (key === 'turn') return { ...tags, turns: turnRange(value!) }
    throw new Mistake(
      'bad_objective',
      `{${shown(text)}} is not a tag that we know: scenario or turn`,
      example,
    )
  }, {})
}

/** `1`, `4-7` or `8+`: people count turns from 1, records from 0. */
function turnRange(text: string): TurnRange {
  const [, from, to, open] = /^([1-9]\d{0,5})(?:-([1-9]\d{0,5})|(\+))?$/.exec(text) ?? []
  const first = Number(from) - 1
  const last = open ? Infinity : Number(to ?? from) - 1
  if (first <= last) return { first, last }
  throw new Mistake('bad_objective', `${shown(text)} is not a turn of a session`, example)
}

/** As it stands in a tag: `1`, `4-7`, `8+`. */
export function turnRangeText({ first, last }: TurnRange): string {
  if (last === Infinity) return `${first + 1}+`
  return first === last ? `${first + 1}` : `${first + 1}-${last + 1}`
}
