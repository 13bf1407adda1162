import type { Level } from '../workload/level.ts'
import { hourMs } from '../workload/units.ts'

/** One stage of a ramp: the level moves in a straight line to `target` over `durationMs` (as in k6, from 0). */
export interface Stage {
  readonly durationMs: number
  readonly target: number
}

export interface Stages {
  readonly of: 'users' | 'sessionsPerSecond'
  readonly stages: readonly Stage[]
}

/** Level over time as straight lines between points; two points at one instant are a jump. */
export interface Shape {
  readonly of: Stages['of']
  readonly points: readonly { readonly atMs: number; readonly value: number }[]
}

/** A span of time in which a user is there: `fromMs` inclusive, `untilMs` exclusive. */
export interface Span {
  readonly fromMs: number
  readonly untilMs: number
}

/** The stages as lines, from level 0 at time 0. */
export function shapeOfStages({ of, stages }: Stages): Shape {
  const points = [{ atMs: 0, value: 0 }]
  let atMs = 0
  for (const stage of stages) points.push({ atMs: (atMs += stage.durationMs), value: stage.target })
  return { of, points }
}

/** One level, reached in a straight line over `rampMs`. */
export function shapeOfLevel(level: Level, totalMs: number, rampMs = 0): Shape {
  const of = 'users' in level ? 'users' : 'sessionsPerSecond'
  const target = 'users' in level ? level.users : level.sessionsPerSecond
  const ramp = Math.min(rampMs, totalMs)
  return shapeOfStages({
    of,
    stages: [
      { durationMs: ramp, target },
      { durationMs: totalMs - ramp, target },
    ],
  })
}

/** The shape with every value times the day's share of its hour, from midnight at time 0 on. */
export function shapeOverDay(shape: Shape, day: readonly number[]): Shape {
  const points = lines(shape).flatMap(([from, to]) => {
    const valueOf = (atMs: number): number =>
      to.atMs > from.atMs
        ? from.value + ((atMs - from.atMs) / (to.atMs - from.atMs)) * (to.value - from.value)
        : to.value
    const cuts = [from.atMs]
    for (let hour = Math.floor(from.atMs / hourMs) + 1; hour * hourMs < to.atMs; hour++)
      cuts.push(hour * hourMs)
    return cuts.flatMap((atMs, i) => {
      const share = day[Math.floor(atMs / hourMs) % day.length]!
      const untilMs = cuts[i + 1] ?? to.atMs
      return [
        { atMs, value: valueOf(atMs) * share },
        { atMs: untilMs, value: valueOf(untilMs) * share },
      ]
    })
  })
  return { of: shape.of, points }
}

/** How long the whole shape lasts, workload time. */
export function durationMs(shape: Shape): number {
  return shape.points.at(-1)!.atMs
}

/** The highest level of the shape: what the draws are made for, and what a summary of stages names. */
export function peakLevel(shape: Shape): Level {
  const peak = Math.max(...shape.points.map((point) => point.value))
  return shape.of === 'users' ? { users: Math.floor(peak) } : { sessionsPerSecond: peak }
}

/** The level at an instant: users, or sessions a second. */
export function valueAt(shape: Shape, atMs: number): number {
  let value = 0
  for (const [from, to] of lines(shape)) {
    if (atMs < from.atMs) break
    const share = to.atMs > from.atMs ? Math.min(1, (atMs - from.atMs) / (to.atMs - from.atMs)) : 1
    value = from.value + share * (to.value - from.value)
  }
  return value
}

/** When user `user` (from 0) is there: while the level is at least `user + 1`. */
export function spansOfUser(shape: Shape, user: number): Span[] {
  const needed = user + 1
  const spans: Span[] = []
  let fromMs = NaN
  for (const [a, b] of lines(shape)) {
    const crossingMs = (): number => a.atMs + ((needed - a.value) / (b.value - a.value)) * (b.atMs - a.atMs)
    if (Number.isNaN(fromMs) && b.value >= needed) fromMs = a.value >= needed ? a.atMs : crossingMs()
    else if (!Number.isNaN(fromMs) && b.value < needed) {
      spans.push({ fromMs, untilMs: a.value < needed ? a.atMs : crossingMs() })
      fromMs = NaN
    }
  }
  if (!Number.isNaN(fromMs)) spans.push({ fromMs, untilMs: durationMs(shape) })
  return spans.filter((span) => span.untilMs > span.fromMs)
}

/**
 * When an arrival of a Poisson process of rate 1 falls under this rate: the instant at which the integral of the
 * rate (sessions a second) reaches `unit`. Infinity when it falls after the end.
 */
export function arrivalMs(shape: Shape, unit: number): number {
  let left = unit
  for (const [a, b] of lines(shape)) {
    const seconds = (b.atMs - a.atMs) / 1000
    const area = ((a.value + b.value) / 2) * seconds
    if (left < area) {
      if (left === 0) return a.atMs
      // Solves value·s + slope·s²/2 = left; this form of the root stays exact when the slope vanishes.
      const slope = (b.value - a.value) / seconds
      const root = Math.sqrt(Math.max(0, a.value * a.value + 2 * slope * left))
      return a.atMs + ((2 * left) / (a.value + root)) * 1000
    }
    left -= area
  }
  return Infinity
}

function lines(shape: Shape): (readonly [Shape['points'][number], Shape['points'][number]])[] {
  return shape.points.slice(1).map((to, i) => [shape.points[i]!, to] as const)
}
