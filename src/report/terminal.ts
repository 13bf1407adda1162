import type { Run } from '../result/run.ts'
import { levelValue } from '../workload/level.ts'
import { agreementOf, isWronglyAssumed } from './agreement.ts'
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
import { formatChange, formatCount, formatShare } from '../result/figure-text.ts'
import { objectiveLines } from './objective-lines.ts'
import { type Palette, plainPalette } from './palette.ts'
import { notedTables } from './noted-tables.ts'
import { partTables } from './part-tables.ts'
import { planTables } from './plan-tables.ts'
import type { Reporter, ReportOptions } from './reporter.ts'
import { summaryLines } from './summary-lines.ts'
import { turnLines } from './turn-lines.ts'
import type { Summary } from '../result/summary.ts'
import { rangeHead, rangeRows, withRanges } from './range-table.ts'
import { textTable } from './text-table.ts'
import { tornadoText } from './tornado.ts'
import { wrap } from './wrap.ts'
import { limitText } from './limit-text.ts'

const indent = '  '

/** The picture that a verb ends with: verdict, answers side by side, what they rest on, where the report is. */
export const terminal: Reporter = (dirty: Run, options: ReportOptions = {}) => {
  const run = clean(dirty)
  const palette = options.palette ?? plainPalette
  const width = Math.max(40, options.width ?? 100) - indent.length
  const capacities = capacityAnswers(run)
  const levels = levelAnswers(run)
  const answers = capacities.length > 0 ? capacities : levels
  const headline = headlineAnswer(answers)
  const blocks = [
    bannerLines(run, answers, palette, width),
    verdictLines(run, palette, width),
    ...planTableLines(run, palette, width),
    answers.length > 1 || capacities.length > 0 ? comparisonLines(columnsOf(run, answers), palette) : [],
    agreementLines(answers, palette, width),
    rangeLines(capacities, palette, width),
    ...(capacities.length > 0
      ? []
      : levels.flatMap((answer) => [
          summaryLines(answer, palette, width, besidesText(run.fleet)),
          ...(options.details && answer.summary ? partLines(answer.summary, palette, width) : []),
        ])),
    headline ? assumedLines(headline, palette) : [],
    headline?.summary ? turnArithmeticLines(headline.summary, palette, width) : [],
    headline ? serviceLines(headline, palette, width) : [],
    ...(headline?.summary ? notedLines(headline.summary, palette) : []),
    headline?.summary ? objectiveLines(headline.summary, palette, width) : [],
    footLines(run, options, palette, width),
  ]
  const text = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => `${indent}${line}`.trimEnd()).join('\n'))
    .join('\n\n')
  return `\n${text}\n`
}

/** A shopping list is for these users on average, with the peak on top; the level beside it is the file as it is. */
function besidesText(fleet: Run['fleet']): string {
  if (!fleet) return ''
  return `, with what the file has${fleet.peakToAverage > 1 ? ' and no peak above them' : ''}`
}

function bannerLines(run: Run, answers: readonly Answer[], palette: Palette, width: number): string[] {
  const lines = answers.flatMap((answer) =>
    invalidReasons(answer).map((reason) => `NOT VALID (${answer.origin}): ${reason}`),
  )
  if (run.interrupted) lines.push('INTERRUPTED: what follows covers only the time until then')
  return [...new Set(lines)].flatMap((line) =>
    wrap(line, width).map((part) => palette.bold(palette.red(part))),
  )
}

function verdictLines(run: Run, palette: Palette, width: number): string[] {
  const labelWidth = Math.max(0, ...run.verdict.map((line) => line.label.length))
  return run.verdict.flatMap(({ label, text }) => {
    if (label === '') return wrap(text, width).map(palette.bold)
    const gap = labelWidth + 2
    return wrap(text, Math.max(20, width - gap)).map((part, index) =>
      index === 0 ? `${palette.cyan(label.padEnd(gap))}${part}` : `${' '.repeat(gap)}${part}`,
    )
  })
}

function planTableLines(run: Run, palette: Palette, width: number): string[][] {
  return planTables(run).map(({ head, rows, left = [], missed = [], foldFrom }) =>
    textTable({
      head,
      rows,
      left: [0, ...left],
      ...(foldFrom === undefined ? {} : { foldBeyond: width, foldFrom }),
      paint: (cell, row, column) => {
        if (row === -1) return palette.dim(cell)
        return column === 0 && missed.includes(row) ? palette.yellow(cell) : cell
      },
    }),
  )
}

/** The ranges of the file; of one alone the verdict says all. */
function rangeLines(answers: readonly Answer[], palette: Palette, width: number): string[] {
  const capacity = withRanges(answers.flatMap(({ capacity }) => capacity ?? []))
  if (!capacity || capacity.uncertainty.inputs.length < 2) return []
  const rows = rangeRows(capacity, capacity.uncertainty)
  const value = levelValue(capacity.level)
  const ends = rows.map(({ levelAtLow, levelAtHigh }) => ({ from: levelAtLow, to: levelAtHigh }))
  const bars = tornadoText(value, ends, 24)
  return textTable({
    head: [...rangeHead(capacity), ''],
    left: [0, 1, 4],
    foldBeyond: width,
    rows: rows.map(({ path, range, atLow, atHigh }, i) => [path, range, atLow, atHigh, bars[i]!]),
    paint: (cell, row) => (row === -1 ? palette.dim(cell) : cell),
  })
}

function comparisonLines(answers: readonly Answer[], palette: Palette): string[] {
  return textTable({
    head: ['', ...answers.map(answerTitle)],
    rows: comparisonRows(answers).map((row) => [row.label, ...row.cells.map((cell) => cell || '–')]),
    paint: (cell, row, column) =>
      row === -1 || column === 0 ? palette.dim(cell) : row === 0 ? palette.bold(cell) : cell,
  })
}

function agreementLines(answers: readonly Answer[], palette: Palette, width: number): string[] {
  const agreement = agreementOf(answers)
  if (!agreement) return []
  return wrap(agreement.sentence, width).map(agreement.agrees ? palette.green : palette.yellow)
}

function assumedLines({ summary }: Answer, palette: Palette): string[] {
  const fields = summary?.assumed ?? []
  if (fields.length === 0) return []
  return textTable({
    head: ['assumed against observed', 'assumed', 'observed', 'apart'],
    rows: fields.map((field) => [
      field.field,
      formatCount(field.assumed),
      formatCount(field.observed),
      formatChange(field.ratio - 1),
    ]),
    paint: (cell, row, column) => {
      const field = fields[row]
      if (row === -1) return palette.dim(cell)
      return column === 3 && field && isWronglyAssumed(field) ? palette.yellow(cell) : cell
    },
  })
}

function turnArithmeticLines(summary: Summary, palette: Palette, width: number): string[] {
  const lines = turnLines(summary)
  if (lines.length === 0) return []
  const gap = Math.max(...lines.map(([label]) => label.length)) + 2
  return [
    palette.dim('one turn'),
    ...lines.flatMap(([label, text]) =>
      wrap(text, Math.max(20, width - gap)).map((part, index) =>
        index === 0 ? `${palette.dim(label.padEnd(gap))}${part}` : `${' '.repeat(gap)}${part}`,
      ),
    ),
  ]
}

function notedLines(summary: Summary, palette: Palette): string[][] {
  return notedTables(summary).map(({ title, head, rows, missed }) =>
    textTable({
      head: [title, ...head],
      rows,
      paint: (cell, row, column) => {
        if (row === -1) return palette.dim(cell)
        return column > 0 && missed.includes(row) ? palette.yellow(cell) : cell
      },
    }),
  )
}

function partLines(summary: Summary, palette: Palette, width: number): string[][] {
  return partTables(summary).map(({ title, head, rows }) =>
    textTable({
      head: [title, ...head],
      rows,
      foldBeyond: width,
      paint: (cell, row, column) => (row === -1 || column === 0 ? palette.dim(cell) : cell),
    }),
  )
}

function serviceLines({ summary }: Answer, palette: Palette, width: number): string[] {
  const services = summary?.services ?? []
  if (services.length === 0) return []
  return textTable({
    head: ['services', 'in use', 'of', ''],
    rows: services.map((service) => [
      service.name,
      formatShare(service.utilisation),
      limitText(service),
      service.binding ? 'binds first' : '',
    ]),
    left: [0, 2, 3],
    foldBeyond: width,
    paint: (cell, row, column) => {
      if (row === -1) return palette.dim(cell)
      return services[row]?.binding && column !== 2 ? palette.yellow(cell) : cell
    },
  })
}

function footLines(run: Run, options: ReportOptions, palette: Palette, width: number): string[] {
  const speed =
    run.speed === 1
      ? []
      : [`speed ×${formatCount(run.speed)}: think times, latencies and quotas were compressed`]
  const label = 'note    '
  const notes = [...speed, ...run.notes].flatMap((note) =>
    wrap(note, Math.max(20, width - label.length)).map((part, index) =>
      palette.dim(`${index === 0 ? label : ' '.repeat(label.length)}${part}`),
    ),
  )
  return options.reportPath === undefined
    ? notes
    : [...notes, `${palette.dim('report')}  ${options.reportPath}`]
}
