import type { ClosedStationState } from './formulas/load-dependent-closed.ts'
import { addMass, type Grid } from './grid.ts'

/** The wait for a slot: nothing for those who find one free, else until enough turns have left. */
export interface SlotWait {
  readonly meanMs: number
  /** A time that all but one in a million wait less than. */
  readonly longestMs: number
  /** Adds the law of the wait to a grid. */
  masses(grid: Grid): Float64Array
}

/** The wait where slots are never all taken: none. */
export const noWait: SlotWait = {
  meanMs: 0,
  longestMs: 0,
  masses(grid) {
    const masses = new Float64Array(grid.length)
    masses[0] = 1
    return masses
  },
}

const points = 160

/**
 * First come first served before `slots`: who finds n turns waits for n − slots + 1 departures, which leave at
 * `ratePerMs` while all slots are taken. Exact (Erlang) where turns end exponentially.
 */
export function slotWait(state: ClosedStationState, slots: number, ratePerMs: number): SlotWait {
  const last = state.first + state.arrivalSees.length - 1
  if (last < slots) return noWait
  // upTo[j]: probability that at most j departures are waited for.
  const upTo = new Float64Array(Math.ceil(last - slots) + 2)
  let free = 0
  let meanDepartures = 0
  state.arrivalSees.forEach((share, i) => {
    const departures = Math.ceil(state.first + i + 1 - slots - 1e-9)
    if (departures <= 0) free += share
    else upTo[departures]! += share
    meanDepartures += Math.max(0, departures) * share
  })
  upTo[0] = free
  for (let j = 1; j < upTo.length; j++) upTo[j]! += upTo[j - 1]!
  const most = upTo.findIndex((share) => share > 1 - 1e-7)
  const departures = most < 0 ? upTo.length - 1 : most
  const longestMs = departures === 0 ? 0 : (departures + 6 * Math.sqrt(departures) + 12) / ratePerMs
  return {
    meanMs: meanDepartures / ratePerMs,
    longestMs,
    masses: (grid) => massesOfWait(grid, upTo, ratePerMs, longestMs, meanDepartures / ratePerMs),
  }
}

function massesOfWait(
  grid: Grid,
  upTo: Float64Array,
  ratePerMs: number,
  longestMs: number,
  meanMs: number,
): Float64Array {
  const masses = new Float64Array(grid.length)
  masses[0] = upTo[0]!
  if (longestMs === 0) return masses
  const least = Math.max(0, upTo.findIndex((share) => share > 1e-7) - 1)
  const shortestMs = Math.max(0, least - 6 * Math.sqrt(least) - 12) / ratePerMs
  const stepMs = (longestMs - shortestMs) / points
  const middle = (i: number): number => shortestMs + stepMs * (i - 0.5)
  const shares = new Float64Array(points + 1)
  let before = upTo[0]!
  let coarseMean = 0
  for (let i = 1; i <= points; i++) {
    const share = i === points ? 1 : waitedAtMost(upTo, ratePerMs * (shortestMs + stepMs * i))
    shares[i] = Math.max(0, share - before)
    before = Math.max(before, share)
    coarseMean += shares[i]! * middle(i)
  }
  // Slices stand at their middles, which is a little late where the density falls; the mean is known exactly.
  const correction = coarseMean > 0 ? meanMs / coarseMean : 1
  for (let i = 1; i <= points; i++) addMass(grid, masses, middle(i) * correction, shares[i]!)
  return masses
}

/** Σ over j of Poisson(j; departures expected) × P(at most j are waited for). */
function waitedAtMost(upTo: Float64Array, expected: number): number {
  const width = 8 * Math.sqrt(expected) + 12
  const from = Math.max(0, Math.floor(expected - width))
  const to = Math.ceil(expected + width)
  const middle = Math.floor(expected)
  let total = 0
  let sum = 0
  const add = (j: number, weight: number): void => {
    total += weight
    sum += weight * upTo[Math.min(j, upTo.length - 1)]!
  }
  for (let j = middle, weight = 1; j >= from; weight *= j / expected, j--) add(j, weight)
  for (let j = middle + 1, weight = expected / j; j <= to; j++, weight *= expected / j) add(j, weight)
  return sum / total
}
