import type { Distribution } from '../stats/distribution.ts'
import type { Model } from '../workload/workload.ts'
import { type Moments, momentsThrough } from './discrete.ts'

/** Tokens that every call of a loop reads, and those that each step adds for the calls after it. */
export interface LoopContext {
  readonly base: number
  readonly added: number
}

/** Input tokens over all calls of a loop: quadratic in its depth, since a call reads what all steps before it added. */
export function inputOfLoop({ base, added }: LoopContext, steps: number): number {
  return steps * base + ((steps * (steps - 1)) / 2) * added
}

/** Output tokens of one call, capped by the model's `maxTokens`. */
export function outputMoments(output: Distribution, model: Model): Moments {
  const cap = model.maxTokens ?? Infinity
  return momentsThrough(output, (tokens) => Math.min(cap, Math.max(1, Math.round(tokens))))
}

/** Mean tokens of a part of the input, as sessions round them. */
export function meanTokens(distribution: Distribution): number {
  return momentsThrough(distribution, (tokens) => Math.max(0, Math.round(tokens))).mean
}
