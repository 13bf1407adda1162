import type { AssumedField, Summary } from './summary.ts'

/** The agent's own time is held against the file where it is at least this share of a turn. */
const ownTimeThatMatters = 0.02

/**
 * What the file assumes of the agent beside what was seen, in the means. `expected` is the answer of an engine that
 * enacts the file at the same level, so that both sides count the same things in the same way.
 */
export function assumedFields(expected: Summary, observed: Summary): AssumedField[] {
  const fields: AssumedField[] = []
  const compare = (field: string, assumed: number | undefined, seen: number | undefined): void => {
    if (assumed === undefined || seen === undefined || (assumed === 0 && seen === 0)) return
    fields.push({ field, assumed, observed: seen, ratio: assumed === 0 ? Infinity : seen / assumed })
  }
  compare('calls a turn', expected.calls?.perTurn?.mean, observed.calls?.perTurn?.mean)
  const models = Object.keys(expected.models ?? {})
  for (const key of models) {
    const one = models.length === 1 ? 'model' : `models.${key}`
    const [a, b] = [expected.models?.[key]?.tokensPerCall, observed.models?.[key]?.tokensPerCall]
    if (!a || !b) continue
    compare(`${one}.input, tokens a call`, a.input, b.input)
    compare(`${one}.cached`, shareCached(a), shareCached(b))
    compare(`${one}.maxTokens`, a.max, b.max)
  }
  const [own, seenOwn] = [ownTimeMs(expected), ownTimeMs(observed)]
  const turnMs = Math.max(expected.latency.turnMs?.mean ?? 0, observed.latency.turnMs?.mean ?? 0)
  // Under time compression the way there and back, and the agent's real CPU, are stretched with all else.
  // Of a call it is mostly the time that the answer takes to be said.
  if (
    observed.speed === 1 &&
    !observed.phone &&
    Math.max(own ?? 0, seenOwn ?? 0) >= ownTimeThatMatters * turnMs
  )
    compare("agent's own time a turn, ms", own, seenOwn)
  return fields
}

function ownTimeMs({ ownTime }: Summary): number | undefined {
  const parts = [ownTime?.beforeMs, ownTime?.betweenMs, ownTime?.afterMs]
  if (parts.some((part) => part === undefined)) return undefined
  return parts.reduce((sum, part) => sum + part!.mean, 0)
}

function shareCached({ input, cachedInput }: { input: number; cachedInput: number }): number {
  return input > 0 ? cachedInput / input : 0
}
