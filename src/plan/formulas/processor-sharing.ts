/**
 * Mean time inside an M/G/1 that shares its processor among all present, of a job whose service alone would take
 * `size` (by default the mean): size ÷ (1 − ρ). Holds for any distribution of service times; Infinity where ρ ≥ 1.
 *
 * Source: Kleinrock, Time-shared systems: a theoretical treatment, JACM 14 (1967); Sakata, Noguchi, Oizumi (1969).
 */
export function processorSharing(arrival: number, service: number, size = service): number {
  const load = arrival * service
  return load < 1 ? size / (1 - load) : Infinity
}
