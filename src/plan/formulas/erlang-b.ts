/**
 * Share of arrivals that find all `servers` busy and are lost, at an offered load of `erlangs` (rate × time).
 * Holds for any distribution of the holding time.
 *
 * Source: Erlang (1917), by the recursion 1/B(k) = 1 + (k/A)/B(k−1) of Jagerman (1974).
 */
export function erlangB(servers: number, erlangs: number): number {
  if (erlangs <= 0) return servers > 0 ? 0 : 1
  let inverse = 1
  for (let k = 1; k <= servers; k++) inverse = 1 + (k / erlangs) * inverse
  return 1 / inverse
}

/** The fewest servers that lose at most `share` of the arrivals. */
export function erlangBServers(erlangs: number, share: number): number {
  let inverse = 1
  let servers = 0
  while (1 / inverse > share) inverse = 1 + (++servers / erlangs) * inverse
  return servers
}

/** The largest offered load, in erlangs, of which at most `share` is lost. */
export function erlangBOffered(servers: number, share: number): number {
  let low = 0
  let high = servers
  while (erlangB(servers, high) < share) high *= 2
  for (let i = 0; i < 200 && high - low > 1e-12 * high; i++) {
    const middle = (low + high) / 2
    if (erlangB(servers, middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}
