import { type ClosedClass, type MultiClassMeanValues, oneStep } from './multi-class-mva.ts'

const enough = 1e-12
const mostSweeps = 100_000

/**
 * Approximate mean value analysis of several classes: an arrival of class j finds (N_j − 1) ÷ N_j of its own mean
 * queue and the whole of the others'. Its cost does not grow with the populations.
 *
 * Source: Bard (1979); Schweitzer (1979); Lazowska et al. (1984), ch. 7.
 */
export function multiClassBardSchweitzer(classes: readonly ClosedClass[]): MultiClassMeanValues {
  return fixedPoint(
    classes,
    classes.map(({ population }) => population),
    () => 0,
  )
}

/** How the share of class c's customers that stay at station k changes when class j loses a customer. */
export type ShareChange = (c: number, k: number, j: number) => number

/**
 * The mean values at `populations` that agree with themselves, where a class's share of customers at a station
 * changes as told when one customer leaves.
 */
export function fixedPoint(
  classes: readonly ClosedClass[],
  populations: readonly number[],
  change: ShareChange,
): MultiClassMeanValues {
  const people = populations.reduce((total, population) => total + population, 0)
  let queue = classes.map(({ demands }, c) => demands.map(() => populations[c]! / demands.length))
  for (let sweep = 1; ; sweep++) {
    const before = queue
    const seenBy = (j: number): number[] =>
      before[j]!.map((_, k) =>
        before.reduce((seen, row, c) => {
          const remain = populations[c]! - (c === j ? 1 : 0)
          return remain > 0 ? seen + remain * Math.max(0, row[k]! / populations[c]! + change(c, k, j)) : seen
        }, 0),
      )
    const solved = oneStep(classes, populations, seenBy)
    queue = solved.queue.map((row) => [...row])
    const moved = Math.max(
      ...queue.flatMap((row, c) => row.map((length, k) => Math.abs(length - before[c]![k]!))),
    )
    if (moved <= enough * people || sweep >= mostSweeps) return solved
  }
}
