/** One class of customers in a closed network. One time unit throughout. */
export interface ClosedClass {
  readonly population: number
  readonly think: number
  /** Service demand (visits × service time) at each station. */
  readonly demands: readonly number[]
}

/** Solution of a closed network of several classes; a row a class, a column a station. */
export interface MultiClassMeanValues {
  readonly throughput: readonly number[]
  /** Mean time of a cycle outside the think time. */
  readonly response: readonly number[]
  readonly queue: readonly (readonly number[])[]
  readonly residence: readonly (readonly number[])[]
}

/**
 * Exact mean value analysis of several classes over single-server (processor-sharing, or FIFO with one service
 * time for all) stations. An arrival finds the queues of the network with one customer of its own class fewer.
 * Visits ∏(N_c + 1) populations: for two or three classes of up to a hundred; beyond that, approximate.
 *
 * Source: Reiser, Lavenberg, Mean-value analysis of closed multichain queuing networks, JACM 27 (1980).
 */
export function multiClassMva(classes: readonly ClosedClass[]): MultiClassMeanValues {
  const stations = classes[0]!.demands.length
  const stride = strides(classes)
  const states = stride.at(-1)! * (classes.at(-1)!.population + 1)
  const total = new Float64Array(states * stations)
  const here = classes.map(() => 0)
  let solved = nobody(classes)
  for (let state = 0; state < states; state++) {
    const seenBy = (c: number): Float64Array => {
      const fewer = state - stride[c]!
      return total.subarray(fewer * stations, (fewer + 1) * stations)
    }
    solved = oneStep(classes, here, seenBy)
    for (let k = 0; k < stations; k++)
      total[state * stations + k] = solved.queue.reduce((sum, row) => sum + row[k]!, 0)
    if (state < states - 1) countUp(here, classes)
  }
  return solved
}

/** Little's law around the cycle of each class, given the mean number its arrivals see at each station. */
export function oneStep(
  classes: readonly ClosedClass[],
  populations: readonly number[],
  seenBy: (c: number) => ArrayLike<number>,
): MultiClassMeanValues {
  const residence = classes.map(({ demands }, c) => {
    if (populations[c]! <= 0) return demands.map(() => 0)
    const seen = seenBy(c)
    return demands.map((demand, k) => demand * (1 + seen[k]!))
  })
  const response = residence.map((row) => row.reduce((sum, time) => sum + time, 0))
  const throughput = classes.map(({ think }, c) =>
    populations[c]! <= 0 ? 0 : populations[c]! / (think + response[c]!),
  )
  const queue = residence.map((row, c) => row.map((time) => throughput[c]! * time))
  return { throughput, response, queue, residence }
}

/** The distance in memory between populations that differ by one customer of a class. */
function strides(classes: readonly ClosedClass[]): number[] {
  const stride = [1]
  for (const { population } of classes.slice(0, -1)) stride.push(stride.at(-1)! * (population + 1))
  return stride
}

function countUp(here: number[], classes: readonly ClosedClass[]): void {
  let c = 0
  while (here[c] === classes[c]!.population) here[c++] = 0
  here[c]!++
}

function nobody(classes: readonly ClosedClass[]): MultiClassMeanValues {
  return oneStep(
    classes,
    classes.map(() => 0),
    () => [],
  )
}
