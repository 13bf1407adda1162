/** A loss system with few users, each of whom either idles or holds a server. */
export interface Engset {
  /** Share of attempts that find all servers busy (call congestion). */
  readonly lost: number
  /**
   * Share of time during which all servers are busy (time congestion); above `lost`, as users inside do not
   * call.
   */
  readonly full: number
  /** Mean number of servers busy. */
  readonly busy: number
}

/**
 * Blocking of `servers` lines by `sources` users, each of whom calls again at rate `callRate` while idle and
 * then holds a line for `holding`. Erlang B is its limit for many users. Holds for any distribution of the two
 * times.
 *
 * Source: Engset (1918), by the recursion E(k) = a(S−k+1)E(k−1) ÷ (k + a(S−k+1)E(k−1)); arrivals see S − 1
 * sources.
 */
export function engset(servers: number, sources: number, callRate: number, holding: number): Engset {
  const load = callRate * holding
  const lost = timeCongestion(servers, sources - 1, load)
  const reached = (1 - lost) * load
  return {
    lost,
    full: timeCongestion(servers, sources, load),
    busy: (sources * reached) / (1 + reached),
  }
}

function timeCongestion(servers: number, sources: number, load: number): number {
  let full = 1
  for (let k = 1; k <= servers; k++) {
    const offered = load * Math.max(0, sources - k + 1) * full
    full = offered / (k + offered)
  }
  return full
}
