import { pairedDifferences, type Differences } from '../result/differences.ts'
import { formatMs, formatShare } from '../result/figure-text.ts'
import type { MeasuredWindow } from '../result/measured-window.ts'
import { acrossReplications } from '../result/replications.ts'
import type { Summary } from '../result/summary.ts'
import { leastPrecise, nextLengthMs } from '../simulate/precision.ts'
import { tooShort } from '../simulate/too-short.ts'
import { chooseWarmUp } from '../simulate/warm-up.ts'
import type { Probe, Runner } from '../find/runner.ts'
import { followsDay, type Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'

/** How a level is to be simulated. */
export interface SimulatedOptions {
  readonly level: Level
  readonly seed: number
  /** Chosen by a rule where absent. */
  readonly warmupMs?: number
  readonly measuredMs: number
  readonly replications: number
  /** Half the width of intervals over their figure: runs grow until it is met, up to `mostMs`. */
  readonly precision?: number
  readonly mostMs: number
}

/** A workload and how to run it once. */
export interface Variant {
  readonly workload: Workload
  readonly run: Runner
  /** Answers further replications beside `run`, many at once; one after the other where absent. */
  readonly beside?: Runner
}

export interface Simulated {
  readonly summary: Summary
  readonly differences?: Differences
  /** How warm-up, length and intervals came about. */
  readonly notes: readonly string[]
}

/** Simulates a level as often and as long as asked, and a second variant beside it with the same seeds. */
export async function simulated(
  base: Variant,
  options: SimulatedOptions,
  signal: AbortSignal,
  against?: Variant & { readonly change: string },
): Promise<Simulated> {
  const warmUp = await warmUpOf([base, ...(against ? [against] : [])], options, signal)
  const long = await longEnough(base, options, warmUp, signal)
  const { replications, seed } = options
  const notes = [...warmUp.notes, ...long.notes]
  if (replications > 1)
    notes.push(
      `${replications} replications, seeds ${seed} to ${seed + replications - 1}: intervals are across them.`,
    )
  const summary = acrossReplications(long.summaries)
  for (const { why, neededMs } of tooShort(base.workload, summary))
    notes.push(tooShortNote(why, neededMs, (replications * neededMs) / long.measuredMs))
  if (!against) return { summary, notes }
  const window = { warmupMs: warmUp.warmupMs, measuredMs: long.measuredMs }
  const changed = await replicated(against, options, window, signal)
  return { summary, differences: pairedDifferences(against.change, long.summaries, changed), notes }
}

async function replicated(
  { run, beside }: Variant,
  { level, seed, replications }: SimulatedOptions,
  window: MeasuredWindow,
  signal: AbortSignal,
): Promise<Summary[]> {
  const probe = (i: number): Probe => ({ level, seed: seed + i, ...window })
  const further = Array.from({ length: replications - 1 }, (_, i) => probe(i + 1))
  if (beside) return Promise.all([run(probe(0), signal), ...further.map((each) => beside(each, signal))])
  const summaries = [await run(probe(0), signal)]
  for (const each of further) summaries.push(await run(each, signal))
  return summaries
}

interface LongEnough {
  readonly summaries: readonly Summary[]
  readonly measuredMs: number
  readonly notes: readonly string[]
}

/** Longer and longer, each from the start: the last one is a run like any other, and repeats with its seed and length. */
async function longEnough(
  base: Variant,
  options: SimulatedOptions,
  { warmupMs, steady }: Start,
  signal: AbortSignal,
): Promise<LongEnough> {
  const { precision, mostMs } = options
  for (let { measuredMs } = options; ;) {
    const summaries = await replicated(base, options, { warmupMs, measuredMs }, signal)
    if (precision === undefined) return { summaries, measuredMs, notes: [] }
    if (!steady)
      return {
        summaries,
        measuredMs,
        notes: ['--precision was given up: what a load that is not steady comes to hangs on when one looks.'],
      }
    const summary = acrossReplications(summaries)
    const seen = leastPrecise(summary)
    const neededMs = Math.max(measuredMs, ...tooShort(base.workload, summary).map((each) => each.neededMs))
    const nextMs = Math.min(
      mostMs,
      Math.max(neededMs, nextLengthMs(seen, precision, measuredMs, mostMs) ?? 0),
    )
    if (nextMs <= measuredMs)
      return { summaries, measuredMs, notes: [precisionNote(seen, precision, measuredMs)] }
    measuredMs = Math.ceil(nextMs)
  }
}

/** Independent runs have intervals of their own, however short each is. */
const usualReplications = 10

function tooShortNote(why: string, neededMs: number, runs: number): string {
  const minutes = Math.ceil(neededMs / minuteMs)
  const replications = Math.max(usualReplications, Math.ceil(runs))
  return `too short for an interval: ${why}. Intervals are narrower than they should be; --duration ${minutes}m or --replications ${replications} mends that.`
}

function precisionNote(
  { figure, relative }: { figure: string; relative: number },
  wanted: number,
  ms: number,
): string {
  const reached = Number.isFinite(relative)
    ? `${figure} is known to ±${formatShare(relative)}`
    : `${figure} is not known at all`
  if (relative <= wanted)
    return `precision: after ${formatMs(ms)}, ${reached}, the least precise of what was asked.`
  return `the precision of ${formatShare(wanted)} was not reached within ${formatMs(ms)}: ${reached}; --max-duration allows more.`
}

/** What is left out at the start of a run, and whether what follows is known, or taken, to be steady. */
interface Start {
  readonly warmupMs: number
  readonly steady: boolean
  readonly notes: readonly string[]
}

/** With several seeds or variants, the longest that any of them needs; a few seeds stand for many. */
const mostPilots = 3

async function warmUpOf(
  variants: readonly Variant[],
  options: SimulatedOptions,
  signal: AbortSignal,
): Promise<Start> {
  const { level, seed, replications, measuredMs, precision } = options
  if (options.warmupMs !== undefined) return { warmupMs: options.warmupMs, steady: true, notes: [] }
  if (variants.some(({ workload }) => followsDay(workload, level)))
    return {
      warmupMs: 0,
      steady: false,
      notes: ['nothing is left out at the start: load that follows the day is never steady.'],
    }
  const mostMs = precision === undefined ? pilots * measuredMs : Math.max(options.mostMs, pilots * measuredMs)
  const found = []
  for (const { workload } of variants)
    for (let i = 0; i < Math.min(replications, mostPilots); i++)
      found.push(await chooseWarmUp(workload, { level, seed: seed + i, mostMs }, signal))
  const longest = found.reduce((most, each) => (each.warmupMs > most.warmupMs ? each : most))
  const { warmupMs, rule } = longest
  const pilotMs = Math.max(...found.map((each) => each.pilotMs))
  if (found.every(({ steady }) => steady))
    return {
      warmupMs,
      steady: true,
      notes: [`warm-up of ${formatMs(warmupMs)} ${rule}, from a pilot run of ${formatMs(pilotMs)}.`],
    }
  return {
    warmupMs,
    steady: false,
    notes: [
      `the load was not steady within ${formatMs(pilotMs)}, so no rule can tell the warm-up: it may be growing without end, or the run is too short. Half of that is left out; --warm-up or a longer --duration decides otherwise.`,
    ],
  }
}

/** A pilot may be so many times as long as what is measured, or as long as `precision` may make that. */
const pilots = 2
