import { differenceInterval } from '../stats/difference-interval.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import { isKept, isOnGolden, type MetricThreshold } from '../workload/metric-threshold.ts'
import type { Interval } from '../stats/interval.ts'
import { isWithin, restOf } from './judge.ts'
import type { ObjectiveResult } from './summary.ts'

/** What one asking of a golden question came to. */
export interface GoldenAnswer {
  /** The question's name; its text is not kept. */
  readonly name: string
  readonly slices: readonly string[]
  /** `unjudged`: its judge could not tell. */
  readonly verdict: 'passed' | 'failed' | 'unjudged'
}

/** Answers that were judged, and the share of them that passed with its 95 % interval (Wilson). */
export interface GoldenShare {
  readonly answers: number
  readonly passed: number
  readonly share: number
  readonly ci95: Interval
}

/** The same questions with nobody else there, and under load. */
export interface GoldenPair {
  readonly idle: GoldenShare
  readonly load: GoldenShare
  /** By how much fewer pass under load, in points, with the 95 % interval (Newcombe). */
  readonly drop: number
  readonly dropCi95: Interval
}

export interface GoldenSummary {
  readonly questions: number
  readonly all: GoldenPair
  readonly slices: Readonly<Record<string, GoldenPair>>
  /** Answers that no judge could tell. */
  readonly unjudged: number
  /** Questions of which fewer answers passed under load than idle, the worst first. */
  readonly worse: readonly { readonly name: string; readonly idle: string; readonly load: string }[]
}

const mostNamed = 10

/** What the answers say, whole and by slice. */
export function goldenOf(idle: readonly GoldenAnswer[], load: readonly GoldenAnswer[]): GoldenSummary {
  const both = [...idle, ...load]
  const names = [...new Set(both.map(({ name }) => name))]
  const slices = [...new Set(both.flatMap(({ slices }) => slices))].sort()
  const within = (of: (answer: GoldenAnswer) => boolean): GoldenPair =>
    pairOf(shareOf(idle.filter(of)), shareOf(load.filter(of)))
  const byName = names.map((name) => ({ name, ...within((answer) => answer.name === name) }))
  return {
    questions: names.length,
    all: within(() => true),
    slices: Object.fromEntries(
      slices.map((slice) => [slice, within((answer) => answer.slices.includes(slice))]),
    ),
    unjudged: both.filter(({ verdict }) => verdict === 'unjudged').length,
    worse: byName
      .filter(({ idle, load, drop }) => idle.answers > 0 && load.answers > 0 && drop > 0)
      .toSorted((a, b) => b.drop - a.drop)
      .slice(0, mostNamed)
      .map(({ name, idle, load }) => ({ name, idle: ofText(idle), load: ofText(load) })),
  }
}

const ofText = ({ passed, answers }: GoldenShare): string => `${passed} of ${answers}`

function shareOf(answers: readonly GoldenAnswer[]): GoldenShare {
  const judged = answers.filter(({ verdict }) => verdict !== 'unjudged')
  const passed = judged.filter(({ verdict }) => verdict === 'passed').length
  const share = judged.length > 0 ? passed / judged.length : 0
  return { answers: judged.length, passed, share, ci95: wilsonInterval(share, judged.length) }
}

function pairOf(idle: GoldenShare, load: GoldenShare): GoldenPair {
  const before = { value: load.share, interval: load.ci95 }
  const after = { value: idle.share, interval: idle.ci95 }
  return { idle, load, drop: idle.share - load.share, dropCi95: differenceInterval(before, after) }
}

/**
 * What the answers are held to: the thresholds on `golden` (the share that passes under load) and `golden_drop`; without
 * any, that load makes no answers worse beyond chance.
 */
export function goldenObjectives(
  golden: GoldenSummary | undefined,
  thresholds: readonly MetricThreshold[],
): ObjectiveResult[] {
  const own = thresholds.filter(isOnGolden)
  // Nobody asked.
  if (!golden) return own.map(({ text }) => ({ text, pass: 'undecided' }))
  return own.length > 0 ? own.map((threshold) => judged(golden, threshold)) : [noWorse(golden.all)]
}

function noWorse({ idle, load, drop, dropCi95: [low, high] }: GoldenPair): ObjectiveResult {
  const text = 'golden answers no worse under load than idle'
  if (idle.answers === 0 || load.answers === 0) return { text, pass: 'undecided', unit: 'share' }
  return { text, value: drop, low, high, unit: 'share', pass: low <= 0 }
}

function judged(golden: GoldenSummary, threshold: MetricThreshold): ObjectiveResult {
  const { text, tag, metricName, sign, limit } = threshold
  const pair = tag === undefined ? golden.all : golden.slices[tag.replace(/^slice:/, '')]
  if (!pair || pair.load.answers === 0) return { text, pass: 'undecided' }
  if (metricName === 'golden_drop') {
    const [low, high] = pair.dropCi95
    return { text, value: pair.drop, low, high, limit, unit: 'share', pass: isKept(threshold, pair.drop) }
  }
  const { share, answers, ci95 } = pair.load
  const [low, high] = ci95
  const seen = { text, value: share, low, high, limit, unit: 'share' } as const
  if (!sign.startsWith('>') || limit >= 1) return { ...seen, pass: isKept(threshold, share) }
  const exceeded = { ...restOf({ share, low, high }), effectiveCount: answers, allowed: 1 - limit }
  return { ...seen, of: 'answers', exceeded, pass: isWithin(exceeded) }
}
