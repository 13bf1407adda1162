import type { Run } from '../result/run.ts'
import { agreementOf } from './agreement.ts'
import {
  type Answer,
  capacityAnswers,
  columnsOf,
  headlineAnswer,
  invalidReasons,
  levelAnswers,
} from './answers.ts'
import { clean } from './clean.ts'
import { answerTitle, comparisonRows } from './comparison.ts'
import { formatChange, formatCount, formatMs, formatShare } from '../result/figure-text.ts'
import { notedTables } from './noted-tables.ts'
import { objectiveExceeded, objectiveValue, objectiveWord } from './objective-lines.ts'
import { leverHead, leverLead, leverRows } from './lever-table.ts'
import { rangeHead, rangeLead, rangeRows, spreadHead, spreadRows, withRanges } from './range-table.ts'
import { partTables } from './part-tables.ts'
import { planTables } from './plan-tables.ts'
import type { Reporter } from './reporter.ts'
import { summaryCounts, timeDistributions } from './summary-lines.ts'
import { limitText } from './limit-text.ts'

/** The run for a page of CI or a pull request. */
export const markdown: Reporter = (dirty: Run) => {
  const run = clean(dirty)
  const capacities = capacityAnswers(run)
  const levels = levelAnswers(run)
  const answers = capacities.length > 0 ? capacities : levels
  const headline = headlineAnswer(answers)
  const blocks = [
    `## Plimsoll: ${escape(run.workload.name)}`,
    ...warnings(run, answers),
    ...verdict(run),
    ...planTables(run).map(({ head, rows }) => table(head, rows)),
    comparison(columnsOf(run, answers)),
    ...ranges(capacities),
    ...levers(capacities),
    escape(agreementOf(answers)?.sentence ?? ''),
    ...(capacities.length > 0 ? [] : levels.flatMap(singleLevel)),
    ...(headline ? [objectives(headline), ...noted(headline), services(headline), assumed(headline)] : []),
    `<sub>${escape(foot(run))}</sub>`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

function ranges(answers: readonly Answer[]): string[] {
  const capacity = withRanges(answers.flatMap(({ capacity }) => capacity ?? []))
  if (!capacity) return []
  const { runAt, uncertainty } = capacity
  const rows = rangeRows(capacity, uncertainty).map(({ path, range, atLow, atHigh }) => [
    path,
    range,
    atLow,
    atHigh,
  ])
  return [
    escape(rangeLead(uncertainty)),
    table(spreadHead(uncertainty.covers), spreadRows(capacity, runAt, uncertainty)),
    table(rangeHead(capacity), rows),
  ]
}

function levers(answers: readonly Answer[]): string[] {
  const capacity = answers.map((answer) => answer.capacity).find((each) => each?.advice ?? each?.tried)
  const rows = capacity ? leverRows(capacity) : []
  if (!capacity || rows.length === 0) return []
  return [
    escape(leverLead(capacity)),
    table(
      leverHead(capacity),
      rows.map(({ text, gained, then, perMonth, perUser }) => [text, gained, then, perMonth, perUser]),
    ),
  ]
}

function warnings(run: Run, answers: readonly Answer[]): string[] {
  const invalid = answers.flatMap((answer) =>
    invalidReasons(answer).map((reason) => `> **Not valid** (${answer.origin}): ${escape(reason)}`),
  )
  const interrupted = run.interrupted ? ['> **Interrupted**: this covers only the time until then.'] : []
  const speed =
    run.speed === 1
      ? []
      : [`> Speed ×${formatCount(run.speed)}: think times, latencies and quotas were compressed.`]
  return [...new Set(invalid), ...interrupted, ...speed]
}

function verdict(run: Run): string[] {
  return run.verdict.map(({ label, text }) =>
    label === '' ? `**${escape(text)}**` : `**${escape(label)}**: ${escape(text)}`,
  )
}

function comparison(answers: readonly Answer[]): string {
  return table(
    ['', ...answers.map(answerTitle)],
    comparisonRows(answers).map((row) => [row.label, ...row.cells.map((cell) => cell || '–')]),
  )
}

function singleLevel(answer: Answer): string[] {
  const { summary } = answer
  if (!summary) return []
  const times = timeDistributions(summary).map(([label, dist]) => [
    label,
    ...[dist.mean, dist.p50, dist.p90, dist.p95, dist.p99].map((value) => formatMs(value)),
  ])
  const counts = summaryCounts(summary).map(([label, text]) => `- **${label}**: ${escape(text)}`)
  return [
    table([answerTitle(answer), 'mean', 'p50', 'p90', 'p95', 'p99'], times),
    counts.join('\n'),
    ...partTables(summary).map(({ title, head, rows }) => table([title, ...head], rows)),
  ]
}

function objectives({ summary }: Answer): string {
  const rows = (summary?.objectives ?? []).map((objective) => [
    objective.text,
    objectiveWord(objective),
    objectiveValue(objective),
    objectiveExceeded(objective),
  ])
  return table(['objective', 'result', 'value', 'turns'], rows)
}

function noted({ summary }: Answer): string[] {
  return (summary ? notedTables(summary) : []).map(({ title, head, rows }) => table([title, ...head], rows))
}

function services({ summary }: Answer): string {
  const rows = (summary?.services ?? []).map((service) => [
    service.name,
    formatShare(service.utilisation),
    limitText(service),
    service.binding ? 'binds first' : '',
  ])
  return table(['service', 'in use', 'of', ''], rows)
}

function assumed({ summary }: Answer): string {
  const rows = (summary?.assumed ?? []).map((field) => [
    field.field,
    formatCount(field.assumed),
    formatCount(field.observed),
    formatChange(field.ratio - 1),
  ])
  return table(['field', 'assumed', 'observed', 'apart'], rows)
}

function foot(run: Run): string {
  const { machine } = run
  const shared = machine.sharedWith.length > 0 ? `, shared with ${machine.sharedWith.join(', ')}` : ''
  return `Plimsoll ${run.version}, ${run.startedAt}, ${machine.cores} cores of ${machine.cpuModel}${shared}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]): string => `| ${cells.map(escape).join(' | ')} |`
  const rule = `| ${head.map((_, column) => (column === 0 ? '---' : '---:')).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** Text of a file or of a target is text: neither markup nor a link nor a mention. */
function escape(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|~]/g, (mark) => `\\${mark}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
}
