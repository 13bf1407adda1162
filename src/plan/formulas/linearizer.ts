import { fixedPoint, type ShareChange } from './multi-class-bard-schweitzer.ts'
import type { ClosedClass, MultiClassMeanValues } from './multi-class-mva.ts'

const updates = 2

/**
 * Approximate mean value analysis that also solves the network with one customer fewer of each class, to learn how
 * the shares of customers at the stations change; it assumes only that this change varies linearly. Within about a
 * percent of the exact answer where {@link multiClassBardSchweitzer} is off by several; no cost of population.
 *
 * Source: Chandy, Neuse, Linearizer: a heuristic algorithm for queueing network models, CACM 25 (1982).
 */
export function linearizer(classes: readonly ClosedClass[]): MultiClassMeanValues {
  const populations = classes.map(({ population }) => population)
  let change: ShareChange = () => 0
  let solved = fixedPoint(classes, populations, change)
  for (let update = 0; update < updates; update++) {
    const shares = sharesOf(solved, populations)
    const known = change
    const changes = classes.map((_, j) => {
      if (populations[j]! < 1) return shares.map((row) => row.map(() => 0))
      const fewer = populations.map((population, c) => population - (c === j ? 1 : 0))
      const without = sharesOf(fixedPoint(classes, fewer, known), fewer)
      return shares.map((row, c) => row.map((share, k) => (fewer[c]! > 0 ? without[c]![k]! - share : 0)))
    })
    change = (c, k, j) => changes[j]![c]![k]!
    solved = fixedPoint(classes, populations, change)
  }
  return solved
}

const sharesOf = (solved: MultiClassMeanValues, populations: readonly number[]): number[][] =>
  solved.queue.map((row, c) => row.map((length) => (populations[c]! > 0 ? length / populations[c]! : 0)))
