import type { ObjectiveResult, Summary } from '../result/summary.ts'
import { loadText } from '../result/load-words.ts'
import { formatBytes, formatCount, formatMs, formatRange, formatShare } from '../result/figure-text.ts'
import { metrics } from '../workload/metrics.ts'
import type { Palette } from './palette.ts'
import { textTable } from './text-table.ts'

/** `holds`, `missed`, `undecided`. */
export function objectiveWord(objective: ObjectiveResult): 'holds' | 'missed' | 'undecided' {
  if (objective.pass === 'undecided') return 'undecided'
  return objective.pass ? 'holds' : 'missed'
}

/** How the objectives of a level stand together, in a sentence; nothing where it has none. */
export function objectivesSentence(summary: Summary): string | undefined {
  const { objectives, origin } = summary
  if (objectives.length === 0) return undefined
  const at = `As ${origin} at ${loadText(summary)},`
  for (const word of ['missed', 'undecided'] as const) {
    const those = objectives.filter((objective) => objectiveWord(objective) === word)
    if (those.length === 0) continue
    const texts = those.map(({ text }) => text).join(', ')
    return `${at} ${those.length} of ${objectives.length} objectives ${those.length === 1 ? 'is' : 'are'} ${word}: ${texts}.`
  }
  return `${at} every objective holds.`
}

/** The value of an objective in its own unit: a share for `errors`, a time for everything else that does not say. */
export function objectiveValue(objective: ObjectiveResult): string {
  const format = formats[unitOf(objective)]
  const range = formatRange([objective.low, objective.high], format)
  if (objective.value === undefined) return '–'
  return range === '' ? format(objective.value) : `${format(objective.value)} (${range})`
}

const formats = { ms: formatMs, share: formatShare, count: formatCount, bytes: formatBytes } as const

/** Why an objective is undecided, where its own figures say so; else the run does, as where its generator did not keep up. */
export function whyUndecided(objective: ObjectiveResult): string {
  const { pass, value, exceeded } = objective
  if (pass !== 'undecided') return ''
  if (value === undefined) return 'nothing to judge it by'
  return exceeded && exceeded.effectiveCount * exceeded.allowed < 1 ? `too few ${countedOf(objective)}` : ''
}

/** What is counted for and against it. */
function countedOf({ metric, of, unit }: ObjectiveResult): string {
  if (of) return of
  if (metric !== undefined && metrics[metric].per === 'call') return 'calls'
  return unit === undefined ? 'turns' : 'times'
}

/** How many turns miss the objective, against what it allows; why it is undecided. */
export function objectiveExceeded(objective: ObjectiveResult): string {
  const { exceeded } = objective
  const why = whyUndecided(objective)
  const undecided = why && `undecided: ${why}`
  if (!exceeded) return undecided
  return `${formatShare(exceeded.share)} of ${countedOf(objective)} miss it, ${formatShare(exceeded.allowed)} may${undecided && `; ${undecided}`}`
}

/** Each objective with its mark, its value and by how much it is missed or held. */
export function objectiveLines(summary: Summary, palette: Palette, width = Infinity): string[] {
  const { objectives } = summary
  if (objectives.length === 0) return []
  const mark = { holds: '✓', missed: '✗', undecided: '?' }
  return textTable({
    head: ['', 'objectives', '', ''],
    rows: objectives.map((objective) => [
      mark[objectiveWord(objective)],
      objective.text,
      objectiveValue(objective),
      objectiveExceeded(objective),
    ]),
    left: [0, 1, 2, 3],
    foldBeyond: width,
    paint: (cell, row, column) => {
      const objective = objectives[row]
      if (!objective || column === 3) return palette.dim(cell)
      const paint = { holds: palette.green, missed: palette.red, undecided: palette.yellow }[
        objectiveWord(objective)
      ]
      return column === 0 || objective.pass === false ? paint(cell) : cell
    },
  })
}

/** Answers of formulas, and runs of old, name no metric: of theirs `errors` alone is a share. */
function unitOf({ unit, metric, text }: ObjectiveResult): keyof typeof formats {
  if (unit ?? metric) return unit ?? metrics[metric!].unit
  return /^\s*(?:[\w -]+:\s*)?errors\b/.test(text) ? 'share' : 'ms'
}
