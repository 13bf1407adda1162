import type { TurnRecord } from './records.ts'

/** Answered turns, and those given up by the user or by a time limit: they took at least that long. */
export function hasLatency({ outcome, errorKind }: Readonly<TurnRecord>): boolean {
  return outcome === 'completed' || outcome === 'abandoned' || errorKind === 'timeout'
}
