import type { LoadShape } from '../load/run-load.ts'
import type { Spend } from '../load/stop-rules.ts'
import { plan } from '../plan/plan.ts'
import { formatCount, formatUsd } from '../result/figure-text.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import { highestLevel } from './load-shape.ts'

/** What a run on a real model is expected to take, and what it takes at the very most. */
export interface ExpectedLoad {
  readonly turns: number
  readonly tokens: number
  readonly usd?: number
  readonly turnUsd?: number
  /** Every answer at once, every output at its cap, every retry taken. Turns are Infinity where nothing bounds them. */
  readonly worst: { readonly turns: number; readonly tokens: number; readonly usd?: number }
}

/** The algebra's answer at the level, stages at their peak, over the whole run. */
export function expectedLoad(
  workload: Workload,
  shape: LoadShape,
  totalMs: number,
  { maxTurns = Infinity }: { readonly maxTurns?: number },
): ExpectedLoad {
  const level = highestLevel(shape)
  const { turns, tokens, cost } = plan(workload, level)
  const expected = Math.min(maxTurns, Math.max(turns.perSecond * (totalMs / 1000), 0))
  const perTurn = turns.perSecond > 0 ? (tokens?.perSecond ?? 0) / turns.perSecond : 0
  const most = Math.min(maxTurns, unlucky(mostTurns(workload, level, totalMs)))
  const dearer = worstFactor(workload)
  const turnUsd = cost?.perTurnUsd
  return {
    turns: expected,
    tokens: expected * perTurn,
    ...(turnUsd === undefined ? {} : { usd: expected * turnUsd, turnUsd }),
    worst: {
      turns: most,
      tokens: most * perTurn * dearer,
      ...(turnUsd === undefined ? {} : { usd: most * turnUsd * dearer }),
    },
  }
}

/** Counts vary: about one run in a thousand has more than this where so many are the mean. */
const unlucky = (mean: number): number => Math.ceil(mean + 3.3 * Math.sqrt(mean) + 1)

function mostTurns({ users, scenarios }: Workload, level: Level, totalMs: number): number {
  const mean = (of: (scenario: Workload['scenarios'][number]) => number): number =>
    scenarios.reduce((sum, scenario) => sum + scenario.share * of(scenario), 0)
  if ('sessionsPerSecond' in level)
    return ((level.sessionsPerSecond * totalMs) / 1000) * mean(({ turns }) => turns.mean)
  const thinkMs = Math.min(
    users.think.mean,
    mean(({ think }) => think.mean),
  )
  return thinkMs > 0 ? (level.users * totalMs) / thinkMs : Infinity
}

/** How much dearer a turn can be: outputs at their cap, and a call for each attempt. */
function worstFactor({ agent, models }: Workload): number {
  const capped = Math.max(
    1,
    ...models.map(({ maxTokens, output }) => (maxTokens ?? output.mean) / output.mean),
  )
  return (Number.isFinite(capped) ? capped : 1) * (1 + agent.retries.attempts)
}

/** The expectation in a sentence each. */
export function expectationText({ turns, tokens, usd, worst }: ExpectedLoad): string {
  const text = (values: { turns: number; tokens: number; usd?: number }): string =>
    [
      Number.isFinite(values.turns)
        ? `${formatCount(values.turns)} turns`
        : 'any number of turns (--max-turns bounds them)',
      ...(Number.isFinite(values.tokens) ? [`${formatCount(values.tokens)} tokens`] : []),
      ...(values.usd !== undefined && Number.isFinite(values.usd) ? [formatUsd(values.usd)] : []),
    ].join(', ')
  const expected = text({ turns, tokens, ...(usd === undefined ? {} : { usd }) })
  return `no provider of ours stands behind the target, so its model may be real: expected ${expected}; at worst ${text(worst)}`
}

/** A model that has a price, and is none of ours, costs somebody money: how much must be said, wherever the agent is. */
export function requireMaxSpend({ usd }: ExpectedLoad, maxSpend: number | undefined): void {
  if (usd === undefined || !(usd > 0) || maxSpend !== undefined) return
  throw new UserError('the model behind this target may be real, and every turn costs money', {
    hint: `say how much at most: --max-spend ${Math.max(1, Math.ceil(usd * 2))}`,
  })
}

export function spendText({ usd, told }: Spend): string {
  const by =
    told === 1
      ? 'by the tokens that the target told'
      : told === 0
        ? 'as the file expects; the target told no tokens'
        : `${Math.round(told * 100)} % of turns by the tokens that the target told, the others as the file expects`
  return `spent about ${formatUsd(usd)}, ${by}`
}
