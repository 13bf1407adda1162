import { loadText } from '../../result/load-words.ts'
import type { Run } from '../../result/run.ts'
import type { Summary } from '../../result/summary.ts'
import type { Answer } from '../answers.ts'
import { answerTitle } from '../comparison.ts'
import { formatCount, formatMs, formatRange } from '../../result/figure-text.ts'
import { generatorText, summaryCounts, timeDistributions, warmUpText } from '../summary-lines.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** One level in full: percentiles and counts. */
export function levelSection(answer: Answer): Markup | undefined {
  const { summary } = answer
  if (!summary) return undefined
  const rows = timeDistributions(summary).map(([label, dist]) => [
    label,
    ...[dist.mean, dist.p50, dist.p90, dist.p95, dist.p99, dist.max].map((value) => formatMs(value)),
    formatRange(dist.ci95?.p95, formatMs),
  ])
  const hasIntervals = rows.some((row) => row.at(-1) !== '')
  const head = ['', 'mean', 'p50', 'p90', 'p95', 'p99', 'max', 'p95, 95 % interval']
  const columns = hasIntervals ? head.length : head.length - 1
  const times = table({
    label: `${answer.origin}: times`,
    className: 'times',
    head: head.slice(0, columns),
    rows: rows.map((row) => row.slice(0, columns)),
  })
  return markup`<section><h2>${`In full, ${answerTitle(answer)} at ${loadText(summary)}`}</h2><p>${windowOf(summary)}</p>${rows.length > 0 ? times : undefined}${facts(summaryCounts(summary))}</section>`
}

/** The machine, the program, and whether the generator kept up. */
export function machineSection(run: Run, headline: Answer | undefined): Markup {
  const { machine } = run
  const generator = headline?.summary && generatorText(headline.summary)
  const lines: [string, string | undefined][] = [
    ['generator', generator],
    [
      'machine',
      `${formatCount(machine.cores)} cores of ${machine.cpuModel}, ${formatCount(machine.memoryBytes / 1e9)} GB, ${machine.platform}, Node ${machine.node}`,
    ],
    ['shared with', machine.sharedWith.join(', ') || 'nothing of ours'],
    ['speed', speedText(run.speed, headline)],
    ['workload', `${run.workload.file ?? run.workload.name}, hash ${run.workload.hash}`],
    ['command', run.command],
    ['run', `${run.runId}, Plimsoll ${run.version}`],
    [
      'from, to',
      [run.startedAt, run.endedAt]
        .filter((instant) => instant !== undefined)
        .map(instantText)
        .join(' to '),
    ],
  ]
  const notes = run.notes.map((note): [string, string] => ['note', note])
  const known = lines.filter((line): line is [string, string] => Boolean(line[1]))
  return markup`<section><h2>How this was made</h2>${facts([...known, ...notes])}</section>`
}

/** Of real clocks alone: no other has a speed. */
function speedText(speed: number, headline: Answer | undefined): string | undefined {
  if (speed !== 1) return `×${formatCount(speed)}: compressed`
  return headline?.origin === 'measured' ? '1: real time' : undefined
}

/** `2026-11-21 10:12:33 UTC`, or the text itself where it is no instant. */
export function instantText(instant: string): string {
  return instant.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, '$1 $2 UTC')
}

function facts(lines: readonly (readonly [string, string])[]): Markup {
  return markup`<dl class="facts">${lines.map(([label, text]) => markup`<dt>${label}</dt><dd>${text}</dd>`)}</dl>`
}

function windowOf({ window, seed }: Summary): string {
  const measured = window ? `${formatMs(window.measuredMs)} counted ${warmUpText(window)}` : ''
  return [measured, seed === undefined ? '' : `seed ${seed}`].filter((text) => text !== '').join(', ')
}
