import { type ClosedClass, multiClassMva, type MultiClassMeanValues } from './multi-class-mva.ts'

/** A class of customers that arrive from outside and leave again. */
export interface OpenClass {
  readonly arrival: number
  readonly demands: readonly number[]
}

/** Mean values of a network with both kinds of classes; times in the unit of the demands. */
export interface MixedNetwork {
  /** A row an open class, a column a station. */
  readonly open: {
    readonly response: readonly number[]
    readonly queue: readonly (readonly number[])[]
    readonly residence: readonly (readonly number[])[]
  }
  readonly closed: MultiClassMeanValues
}

/**
 * Open and closed classes over the same single-server stations: the closed ones see stations slowed by what the
 * open ones take, D ÷ (1 − U_open); the open ones then wait behind the closed queues. Exact where the network
 * has product form; Infinity for the open classes at a station they overload alone.
 *
 * Source: Lazowska, Zahorjan, Graham, Sevcik, Quantitative System Performance (1984), §7.4.
 */
export function mixedNetwork(open: readonly OpenClass[], closed: readonly ClosedClass[]): MixedNetwork {
  const stations = (closed[0] ?? open[0])!.demands.length
  const free = Array.from({ length: stations }, (_, k) =>
    Math.max(0, 1 - open.reduce((used, { arrival, demands }) => used + arrival * demands[k]!, 0)),
  )
  const solved = multiClassMva(
    closed.map((one) => ({ ...one, demands: one.demands.map((demand, k) => slowed(demand, free[k]!)) })),
  )
  const residence = open.map(({ demands }) =>
    demands.map((demand, k) => {
      const ahead = solved.queue.reduce((total, row) => total + row[k]!, 0)
      return slowed(demand, free[k]!) * (1 + ahead)
    }),
  )
  return {
    open: {
      response: residence.map((row) => row.reduce((total, time) => total + time, 0)),
      queue: residence.map((row, c) => row.map((time) => open[c]!.arrival * time)),
      residence,
    },
    closed: solved,
  }
}

const slowed = (demand: number, free: number): number => (demand > 0 ? demand / free : 0)
