import type { z } from 'zod'
import { valueAt } from './explain.ts'
import { Mistake } from './mistake.ts'
import { inputSections, namedPath } from './origins.ts'
import { type Path, pathText, type PlacedProblem } from './problem.ts'
import { type RangeEnds, rangeEnds, rangeExample } from './range-ends.ts'
import { fieldIdAt } from './schema-keys.ts'
import type { Range } from './workload.ts'
import { numberPattern } from './units.ts'

/** A range as it stands in the tree of the file. */
export interface WrittenRange extends Range {
  readonly place: Path
  /** The whole value with this range at a share of the way from its low end to its high one. */
  at(text: string, share: number): string
}

const unit = String.raw`(?:\s?(?:us|ms|s|m|h|%|[kMGT]i?B|[kMG])(?![a-zA-Z]))?(?:\/(?:s|min|m|h)(?![a-zA-Z]))?`
const amount = String.raw`\$?${numberPattern}${unit}`
const range = new RegExp(String.raw`(?<![\w.$-])(${amount})\s*\.\.\s*(${amount})(?![\w.%$])`)

/** Texts and names, in which two dots mean nothing. */
const textKeys = new Set(['name', 'say', 'like', 'id', 'arguments', 'contains', 'tools', 'model', 'trace'])
/** Their drawn values are whole numbers. */
const wholeFields = new Set(['whole', 'wholeFrom1', 'counts'])

/**
 * The uncertain values of a file: every `low..high` in a quantity, also within a distribution. The middle is halfway
 * between the ends, which is the mean where every value between them is equally likely; of whole numbers the nearest.
 */
export function rangesOf(
  schema: z.core.$ZodType,
  root: unknown,
): { ranges: WrittenRange[]; problems: PlacedProblem[] } {
  const ranges: WrittenRange[] = []
  const problems: PlacedProblem[] = []
  for (const { place, text } of textsWithDots(root)) {
    try {
      const isWhole = wholeFields.has(fieldIdAt(schema, place) ?? '')
      ranges.push(
        ...rangesIn(text, isWhole).map((each) => ({ ...each, path: namedPath(root, place), place })),
      )
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      const { code, message, hint } = error
      problems.push({ code, message: `${pathText(place)}: ${message}`, hint, path: place })
    }
  }
  return { ranges, problems }
}

/** A copy of the tree with every range at a share of its way: what is read in the end. */
export function withRangesAt(
  root: unknown,
  ranges: readonly WrittenRange[],
  shares: readonly number[],
): unknown {
  let copy = root
  // From the last to the first of a text, so that the places of those before still hold.
  for (const [i, each] of [...ranges.entries()].toReversed()) {
    const text = valueAt(copy, each.place)
    if (typeof text === 'string') copy = replaced(copy, each.place, each.at(text, shares[i]!))
  }
  return copy
}

/** What the engines read. */
export const middleOf = (ranges: readonly WrittenRange[]): number[] => ranges.map(() => 0.5)

function rangesIn(text: string, isWhole: boolean): Omit<WrittenRange, 'path' | 'place'>[] {
  const found: Omit<WrittenRange, 'path' | 'place'>[] = []
  const isAlone = !text.includes('(')
  let from = 0
  for (let match = range.exec(text); match; match = range.exec(text.slice(from))) {
    const start = from + match.index
    const end = start + match[0].length
    const ends = rangeEnds(match[1]!, match[2]!)
    const pick = (share: number): string => ends.format(between(ends, share, isWhole && isAlone))
    found.push({
      text: text.trim(),
      low: match[1]!,
      middle: pick(0.5),
      high: match[2]!,
      at: (whole, share) => whole.slice(0, start) + pick(share) + whole.slice(end),
    })
    from = end
  }
  if (found.length === 0 || text.slice(from).includes('..'))
    throw new Mistake('bad_range', `${text} is not a range`, rangeExample)
  return found
}

function between({ low, high }: RangeEnds, share: number, isWhole: boolean): number {
  if (!isWhole) return low + share * (high - low)
  if (share === 0.5) return Math.round((low + high) / 2)
  return Math.min(high, Math.floor(low + share * (high - low + 1)))
}

/** Values of inputs that hold two dots where a range may: not in a text, a name or the path of a file. */
function textsWithDots(root: unknown): { place: Path; text: string }[] {
  const found: { place: Path; text: string }[] = []
  const visit = (value: unknown, place: Path): void => {
    if (typeof value === 'string') {
      if (/\d[^.]*\.\.|\.\.\s*[\d$]/.test(value) && !/^\s*trace\b/.test(value))
        found.push({ place, text: value })
      return
    }
    if (typeof value !== 'object' || value === null) return
    for (const [key, each] of Object.entries(value))
      if (place.length === 1 || Array.isArray(value) || !textKeys.has(key))
        visit(each, [...place, Array.isArray(value) ? Number(key) : key])
  }
  for (const section of inputSections) visit(valueAt(root, [section]), [section])
  return found
}

function replaced(tree: unknown, [key, ...rest]: Path, value: unknown): unknown {
  if (key === undefined) return value
  if (Array.isArray(tree))
    return (tree as unknown[]).with(Number(key), replaced(tree[Number(key)], rest, value))
  // Without a prototype, as the reader makes them.
  const copy = Object.assign(Object.create(null) as Record<string | number, unknown>, tree)
  copy[key] = replaced(copy[key], rest, value)
  return copy
}
