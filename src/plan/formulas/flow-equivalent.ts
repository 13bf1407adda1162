import { convolution, type NetworkStation } from './convolution.ts'

/**
 * Norton's theorem for queueing networks: a subnetwork behaves towards the rest like one station whose rate with n
 * customers is the subnetwork's throughput when closed on itself with n. Exact in product-form networks.
 * Returns that rate; beyond `most` customers it stays at its last value.
 *
 * Source: Chandy, Herzog, Woo, Parametric analysis of queuing networks, IBM J. Res. Dev. 19 (1975).
 */
export function flowEquivalent(
  most: number,
  delay: number,
  stations: readonly NetworkStation[],
): (n: number) => number {
  const { throughput } = convolution(most, delay, stations)
  return (n) => throughput[Math.min(n, most)]!
}
