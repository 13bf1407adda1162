import type { Distribution } from '../../stats/distribution.ts'
import type { Workload } from '../../workload/workload.ts'
import { withScenarios } from '../changed-workload.ts'
import { momentsOf, rounded } from '../discrete.ts'
import { type Lever, rounded3 } from './lever.ts'

/** One model call fewer in each turn. */
export const callsLever: Lever = {
  name: 'calls per turn',
  changes(workload) {
    const depth = meanDepth(workload)
    if (depth <= 1.0001) return []
    const changed = withScenarios(workload, (each) => ({ ...each, depth: oneFewer(each.depth) }))
    return [
      {
        text: 'answer with one model call fewer a turn',
        change: {
          field: 'scenarios.depth',
          from: `mean ${rounded3(depth)}`,
          to: `mean ${rounded3(meanDepth(changed))}`,
        },
        workload: changed,
        fixedUsd: 0,
      },
    ]
  },
}

const meanDepth = ({ scenarios }: Workload): number =>
  scenarios.reduce((sum, { share, depth }) => sum + share * momentsOf(rounded(depth, 1)).mean, 0)

function oneFewer(depth: Distribution): Distribution {
  const { from, at } = rounded(depth, 1)
  const mean = at.reduce((sum, share, i) => sum + share * Math.max(1, from + i - 1), 0)
  return {
    mean,
    variance: at.reduce((sum, share, i) => sum + share * (Math.max(1, from + i - 1) - mean) ** 2, 0),
    isSmooth: false,
    quantile: (p) => Math.max(1, Math.round(depth.quantile(p)) - 1),
    toString: () => `one fewer than ${String(depth)}`,
  }
}

/** Less of the conversation sent along. */
export const contextLever: Lever = {
  name: 'context',
  changes(workload) {
    const longest = Math.max(...workload.scenarios.map(({ input }) => input.historyMessages))
    if (longest <= 1) return []
    const half = (messages: number): number => (Number.isFinite(messages) ? Math.floor(messages / 2) : 6)
    const words = Number.isFinite(longest) ? String(longest) : 'all'
    return [
      {
        text: `send the last ${half(longest)} messages instead of ${words}`,
        change: {
          field: 'model.input.history',
          from: words === 'all' ? words : `window(${words})`,
          to: `window(${half(longest)})`,
        },
        workload: withScenarios(workload, (scenario) => ({
          ...scenario,
          input: { ...scenario.input, historyMessages: half(scenario.input.historyMessages) },
        })),
        fixedUsd: 0,
      },
    ]
  },
}

/** A larger pool of whatever stands behind a tool: connections, workers of its own. */
export const poolingLever: Lever = {
  name: 'pooling',
  changes: (workload) =>
    workload.tools.flatMap((tool, index) => {
      if (!Number.isFinite(tool.capacity)) return []
      const capacity = tool.capacity * 2
      return [
        {
          text: `let ${tool.name} take ${capacity} calls at once`,
          change: { field: `tools.${tool.name}.capacity`, from: String(tool.capacity), to: String(capacity) },
          workload: { ...workload, tools: workload.tools.with(index, { ...tool, capacity }) },
        },
      ]
    }),
}

/** Half of what the peak has over the average moved to other hours: fewer at once for as many people. */
export const peakLever: Lever = {
  name: 'peak',
  changes(workload) {
    const { users } = workload
    const { peakToAverage = 1 } = users.peak
    if (peakToAverage <= 1 || users.peak.day) return []
    const to = rounded3(1 + (peakToAverage - 1) / 2)
    return [
      {
        text: `spread the peak to ${to}× the average instead of ${peakToAverage}× (as many people, fewer at once)`,
        change: { field: 'users.peak.peakToAverage', from: String(peakToAverage), to: String(to) },
        workload: { ...workload, users: { ...users, peak: { ...users.peak, peakToAverage: to } } },
        fixedUsd: 0,
        people: peakToAverage / to,
      },
    ]
  },
}
