/**
 * Mean time until the last of `branches` parallel tasks is done, where every job forks into one task for each
 * of as many single servers, FIFO, exponential with mean `service`. Exact for one and two branches; for more an
 * approximation fitted up to 32, some 1–3 % low. Without queueing (`arrival` 0) it is H_K · service, exactly.
 *
 * Source: Flatto, Hahn (1984) for two; Nelson, Tantawi, Approximate analysis of fork/join synchronization in
 * parallel queues, IEEE Transactions on Computers 37 (1988).
 */
export function forkJoin(branches: number, arrival: number, service: number): number {
  const load = arrival * service
  if (load >= 1) return Infinity
  const one = service / (1 - load)
  if (branches === 1) return one
  const two = ((12 - load) / 8) * one
  const ratio = harmonic(branches) / harmonic(2)
  return (ratio + ((4 * load) / 11) * (1 - ratio)) * two
}

/** 1 + 1/2 + … + 1/n: the mean of the largest of n exponential times, in units of their mean. */
export function harmonic(n: number): number {
  let sum = 0
  for (let k = n; k >= 1; k--) sum += 1 / k
  return sum
}
