import { formatCount, formatShare } from '../result/figure-text.ts'
import type { Summary } from '../result/summary.ts'

/** What one turn is behind the agent, a line for each of its sides; none where the engine does not tell. */
export function turnLines({ turn, origin }: Summary): [label: string, text: string][] {
  if (!turn || origin !== 'solved') return []
  const { depth, growth, field } = turn
  const longest = growth.at(-1)
  const lines: [string, string][] = [
    [
      'loop depth',
      depth.p99 === 1
        ? 'a turn makes one model call'
        : depth.p50 === depth.p99 && depth.mean === depth.p50
          ? `${formatCount(depth.mean)} model calls in every turn`
          : `${formatCount(depth.mean)} model calls on average, which the bill follows; ${formatCount(depth.p95)} at p95 and ${formatCount(depth.p99)} at p99, which limits and patience must survive`,
    ],
  ]
  if (turn.callsPerSecond > 0)
    lines.push([
      'model calls',
      `${formatCount(turn.callsPerSecond)}/s, by Little's law ${formatCount(turn.callsInFlight)} in flight${depth.p99 === 1 ? '' : `; one call a turn would plan ${formatCount(turn.callsInFlightIfOne)}`}`,
    ])
  lines.push([
    'tokens',
    `${formatCount(turn.inputTokens)} in${turn.cachedTokens > 0 ? ` (${formatShare(turn.cachedTokens / turn.inputTokens)} cached)` : ''} and ${formatCount(turn.outputTokens)} out: ${turn.multiple < 1.005 ? 'one plain exchange' : `${formatCount(turn.multiple)} times one plain exchange`}; the field's figure for agents is ${field.agent}, for multi-agent systems ${field.multiAgent}`,
  ])
  if (longest)
    lines.push([
      'context grows',
      `a turn of ${formatCount(longest.depth)} calls reads ${formatCount(longest.inputTokens)} tokens, ${formatCount(longest.timesOneCall)} times those of one call${turn.cachedTokens > 0 ? `; the cache leaves ${formatCount(longest.uncachedTokens)} to be read anew` : ''}`,
    ])
  return lines
}
