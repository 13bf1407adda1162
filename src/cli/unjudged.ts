import type { Summary } from '../result/summary.ts'

/** A generator that did not keep up judges nobody: what it measured is told, and no objective is met or missed. */
export function unjudged(summary: Summary): Summary {
  if (summary.generator?.valid !== false) return summary
  return { ...summary, objectives: summary.objectives.map((each) => ({ ...each, pass: 'undecided' })) }
}
