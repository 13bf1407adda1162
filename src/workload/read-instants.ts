import { Mistake } from './mistake.ts'
import { readTrace, type Traces } from './parse-distribution.ts'
import { type InstantUnit, instantUnits } from './parse-instant.ts'

/** 2001 to 2100, as clocks count since 1970. */
const ofClocks = { fromMs: 1e12, toMs: 4.1e12 }

/** The instants in a column, in milliseconds. Plain numbers that a clock counts in another unit than `unit` are a `Mistake`. */
export function readInstants(
  traces: Traces | undefined,
  file: string,
  column: string,
  unit: InstantUnit | undefined,
): readonly number[] {
  const instants = readTrace(traces, file, column, 'instant', unit)
  const [first = NaN] = instants
  const other = unit === undefined && unitOfClock(first)
  if (!other) return instants
  const day = new Date(first * instantUnits[other]).toISOString().slice(0, 10)
  throw new Mistake(
    'missing_trace',
    `trace ${file}, column ${column}: ${first} is ${day} in ${other}, and plain numbers are read as ms`,
    `unit: ${other} beside it, or unit: ms where ms are meant`,
  )
}

/** Whether nothing says what plain numbers count, so that they were read as milliseconds: neither the file nor a clock. */
export function areTakenAsMs([first = NaN]: readonly number[], unit: InstantUnit | undefined): boolean {
  return unit === undefined && !(first >= ofClocks.fromMs && first < ofClocks.toMs)
}

/** The unit in which a clock counts so far, where it is none of milliseconds. */
function unitOfClock(value: number): InstantUnit | undefined {
  const units = Object.keys(instantUnits) as InstantUnit[]
  return units.find((unit) => {
    const atMs = value * instantUnits[unit]
    return unit !== 'ms' && atMs >= ofClocks.fromMs && atMs < ofClocks.toMs
  })
}
