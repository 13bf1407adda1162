/** A station of several servers as one fast server and a delay. */
export interface SeidmannParts {
  /** Demand of the single-server station. */
  readonly demand: number
  /** To be added to the think time. */
  readonly delay: number
}

/**
 * Makes a station of c servers fit for formulas that know only single servers: one server c times as fast, and
 * the rest of the demand as a delay. An approximation, exact for one customer and at saturation; in between it
 * waits too long. For one such station {@link loadDependentClosed} is exact, for several {@link convolution}.
 *
 * Source: Seidmann, Schweitzer, Shalev-Oren, Computerized closed queueing network models of flexible
 * manufacturing systems, Large Scale Systems 12 (1987).
 */
export function seidmann(servers: number, demand: number): SeidmannParts {
  return { demand: demand / servers, delay: (demand * (servers - 1)) / servers }
}
