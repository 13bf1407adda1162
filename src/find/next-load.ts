import type { ProbeResult } from '../result/capacity.ts'
import { levelValue } from '../workload/level.ts'
import { type Boundary, firstToBreak } from './boundary.ts'
import { type Bracket, bracketOf } from './bracket.ts'

/** The loads that may be tried. */
export interface SearchRange {
  readonly guess: number
  readonly most: number
  /** Loads are real numbers rather than whole users. */
  readonly open: boolean
}

/** The first step away from the guess; each further one is the square of the one before. */
const firstStep = 1.15
/** Beyond capacity a trial is hard on the target and says little; below it is only lost time. */
const longestStep = { up: 2, down: 4 }
/** Trials for the fit are placed this far from the boundary, in log-odds. */
const spread = 0.4
/** Where to look around the boundary, in turn, in units of the spread. */
const places = [-1, 1, 0]
/** Loads less than this share apart count as one. */
const finest = 0.002

/** One of several trials that start together: its number from 0, and how many there are. */
export interface Place {
  readonly ahead: number
  readonly together: number
}

const alone: Place = { ahead: 0, together: 1 }

/**
 * The load to try next, after these trials; absent when another one would tell nothing new. Those that go together look
 * at different loads.
 */
export function nextLoad(all: readonly ProbeResult[], range: SearchRange, place = alone): number | undefined {
  const { ahead } = place
  if (all.length === 0) return firstLoad(range, ahead)
  const probes = all.filter((probe) => !isMendedBy(all, probe))
  const bracket = bracketOf(probes.map(({ level, pass }) => ({ level: levelValue(level), pass })))
  if (ahead === 0 && isWorthRepeating(probes, bracket)) return levelValue(probes.at(-1)!.level)
  const boundary = firstToBreak(probes)
  // A trial that held above one that failed is chance near the boundary, which the fit allows for.
  const isBracketed = bracket.low > 0 || (boundary?.fit && probes.some(({ pass }) => pass === true))
  if (!isBracketed || bracket.high === Infinity) return scout(probes, bracket, range, place)
  return boundary
    ? around(boundary, bracket, all.length + ahead, range, ahead)
    : split(bracket, inside(bracket, middle(bracket), ahead), all.length + ahead, range)
}

/** A trial whose generator was at fault, where a later one at the same load was not. */
function isMendedBy(probes: readonly ProbeResult[], probe: ProbeResult): boolean {
  const load = levelValue(probe.level)
  return isFaulty(probe) && probes.some((other) => levelValue(other.level) === load && !isFaulty(other))
}

/** Once, where the last trial's generator was at fault and the trial is an end of a narrow bracket. */
function isWorthRepeating(probes: readonly ProbeResult[], { low, high }: Bracket): boolean {
  const last = probes.at(-1)!
  const load = levelValue(last.level)
  const isEnd = (load === low || load === high) && low > 0 && high <= low * firstStep ** 2
  return isFaulty(last) && isEnd && probes.filter(({ level }) => levelValue(level) === load).length === 1
}

const isFaulty = ({ summary }: ProbeResult): boolean => summary.generator?.valid === false
const middle = ({ low, high }: Bracket): number => (low + high) / 2

/** Around the boundary as the fit has it; without one, between the trials on both sides. */
function around(
  boundary: Boundary,
  bracket: Bracket,
  ordinal: number,
  range: SearchRange,
  ahead: number,
): number | undefined {
  if (isSettled(boundary, range)) return undefined
  if (!boundary.fit) {
    const sides = { low: Math.max(boundary.low, bracket.low), high: boundary.high }
    return split(sides, inside(sides, Math.max(boundary.between, sides.low), ahead), ordinal, range)
  }
  const { value, slope } = boundary.fit
  const offset = Math.min(value / 10, Math.max(spread / slope, range.open ? finest * value : 1))
  const load = value + places[ordinal % places.length]! * offset
  return Math.min(Math.max(load, bracket.low * 0.8), bracket.high * 1.2, range.most)
}

/** Out from the guess, until one load holds and one does not. */
function scout(
  probes: readonly ProbeResult[],
  { low, high }: Bracket,
  range: SearchRange,
  { ahead, together }: Place,
): number | undefined {
  const up = high === Infinity && (low > 0 || !leansBeyond(probes.at(-1)!))
  const levels = probes.flatMap((probe) => (leansBeyond(probe) === up ? [] : [levelValue(probe.level)]))
  const from = up ? Math.max(...levels) : Math.min(...levels)
  if (up ? from >= range.most : !range.open && from <= 1) return undefined
  // With trials on both sides chance is at work, and the boundary near.
  const first = levelValue(probes[0]!.level)
  const outside = levels.filter((level) => (up ? level >= first : level <= first))
  const steps = levels.length === probes.length ? outside.length - 1 : 0
  if (together === 1) return outwards(from, steps, up, range)
  // Those that go together divide two steps among them.
  const part = 2 / together
  let [load, before] = [from, NaN]
  for (let i = 0; i <= ahead; i++)
    [load, before] = [outwards(load, steps + Math.floor(i * part), up, range, part), load]
  return ahead > 0 && load === before ? undefined : load
}

/** A step further out, or a part of one; the steps grow. */
function outwards(from: number, steps: number, up: boolean, { open, most }: SearchRange, part = 1): number {
  const step = Math.min(firstStep ** (2 ** steps), longestStep[up ? 'up' : 'down']) ** part
  if (open) return up ? Math.min(most, from * step) : from / step
  return up ? Math.min(most, Math.max(from + 1, from * step)) : Math.max(1, Math.min(from - 1, from / step))
}

/** The guess, and to both sides of it in turn. */
function firstLoad(range: SearchRange, ahead: number): number | undefined {
  const guess = Math.min(range.most, range.guess)
  if (ahead === 0) return guess
  const load = outwards(guess, 0, ahead % 2 === 1, range, Math.ceil(ahead / 2))
  return load === guess ? undefined : load
}

/** Where to look in a bracket while others look at `at`: halfway to its ends in turn, then nearer to them. */
function inside({ low, high }: Bracket, at: number, ahead: number): number {
  if (ahead === 0) return at
  const part = 0.5 ** Math.ceil(ahead / 2)
  return ahead % 2 === 1 ? at + (high - at) * part : at - (at - low) * part
}

/** Whether a trial, decided or not, points to less load. Turns that began but never ended do. */
function leansBeyond({ pass, summary }: ProbeResult): boolean {
  if (pass !== 'undecided') return pass === false
  const known = summary.objectives.flatMap(({ exceeded }) => (exceeded ? [exceeded] : []))
  if (known.length > 0) return known.some(({ share, allowed }) => share > allowed)
  return (summary.turns.started ?? 0) > 0 && (summary.turns.completed ?? 0) === 0
}

/** Inside the bracket; at its ends in turn when nothing lies between. */
function split({ low, high }: Bracket, at: number, ordinal: number, { open }: SearchRange): number {
  if (open) return at
  if (high - low <= 1) return ordinal % 2 === 0 ? low : high
  return Math.min(high - 1, Math.max(low + 1, at))
}

/** The fit's interval is narrow enough; without a fit, two neighbouring loads are both beyond doubt. */
function isSettled({ low, high, decisive, fit }: Boundary, { open }: SearchRange): boolean {
  const fine = Math.max(finest * (fit?.value ?? low), open ? 0 : 0.5)
  return fit ? fit.high - fit.low < fine : decisive && high - low <= (open ? fine : 1)
}
