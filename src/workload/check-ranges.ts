import { pathText, type PlacedProblem } from './problem.ts'
import { middleOf, withRangesAt, type WrittenRange } from './ranges.ts'

/**
 * What is wrong at an end of a range but not in its middle: each end by itself, everything else in the middle. `check`
 * lists the mistakes of a tree.
 */
export function checkRanges(
  root: unknown,
  ranges: readonly WrittenRange[],
  check: (tree: unknown) => readonly PlacedProblem[],
): PlacedProblem[] {
  const middle = middleOf(ranges)
  const known = new Set(check(withRangesAt(root, ranges, middle)).map(({ message }) => message))
  return ranges.flatMap((range, i) =>
    ([0, 1] as const).flatMap((share) =>
      check(withRangesAt(root, ranges, middle.with(i, share)))
        .filter(({ message, severity }) => severity !== 'warning' && !known.has(message))
        .map(({ message, ...problem }) => {
          const end = share === 0 ? 'low' : 'high'
          const at = pathText(range.place)
          const where = message.startsWith(`${at}: `) ? '' : ` of ${at}`
          return { ...problem, message: `${message} (at the ${end} end${where})` }
        }),
    ),
  )
}
