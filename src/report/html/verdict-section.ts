import { loadText } from '../../result/load-words.ts'
import type { Run } from '../../result/run.ts'
import type { ObjectiveResult, Summary } from '../../result/summary.ts'
import type { Agreement } from '../agreement.ts'
import { type Answer, invalidReasons, isInvalid } from '../answers.ts'
import { answerTitle, comparisonRows } from '../comparison.ts'
import { formatCount, formatShare } from '../../result/figure-text.ts'
import { objectivesSentence, objectiveValue, objectiveWord, whyUndecided } from '../objective-lines.ts'
import { type Markup, markup } from './markup.ts'
import { table } from './tables.ts'

/** What must be known before a number is believed: not valid, interrupted. */
export function banners(run: Run, answers: readonly Answer[]): Markup[] {
  const reasons = answers.flatMap((answer) =>
    invalidReasons(answer).map((reason) => `${answer.origin}: ${reason}`),
  )
  const unique = [...new Set(reasons)]
  const invalid = markup`<div class="banner bad" role="alert"><p><strong>${notValid(answers)}</strong></p>${unique.map((reason) => markup`<p>${reason}</p>`)}</div>`
  const interrupted = markup`<div class="banner bad" role="alert"><p><strong>Interrupted.</strong> What follows covers only the time until then.</p></div>`
  return [...(unique.length > 0 ? [invalid] : []), ...(run.interrupted ? [interrupted] : [])]
}

function notValid(answers: readonly Answer[]): string {
  const invalid = answers.filter(isInvalid).map((answer) => answer.origin)
  return invalid.length === answers.length
    ? 'These numbers are not valid.'
    : `What was ${[...new Set(invalid)].join(' and ')} is not valid.`
}

/** Said wherever time was compressed. */
export function speedNote(run: Run): Markup | undefined {
  if (run.speed === 1) return undefined
  return markup`<div class="banner note" role="note"><p><strong>Time was compressed ×${formatCount(run.speed)}.</strong> Think times, latencies and quotas ran that much faster; the agent’s own CPU did not. Good for a first look, to be confirmed at speed 1.</p></div>`
}

/** The verdict in plain sentences; of a level that is valid, about which there is none, how its objectives stand. */
export function verdictSection(run: Run, level: Summary | undefined): Markup | undefined {
  const told = run.verdict.filter((line) => line.label === '').map(({ text }) => text)
  const standing = level && objectivesSentence(level)
  const headlines = told.length > 0 || standing === undefined ? told : [standing]
  const rest = run.verdict.filter((line) => line.label !== '')
  if (headlines.length + rest.length === 0) return undefined
  const facts = rest.map((line) => markup`<dt>${line.label}</dt><dd>${line.text}</dd>`)
  return markup`<section class="verdict" aria-label="Verdict">${headlines.map((text) => markup`<p class="headline">${text}</p>`)}${facts.length > 0 ? markup`<dl>${facts}</dl>` : undefined}</section>`
}

const howFound = {
  solved: 'solved by queueing algebra',
  simulated: 'simulated on a virtual clock',
  measured: 'measured on a running agent',
  observed: 'observed in traces',
}

/** The answers as one table, and whether they agree. */
export function answersSection(
  answers: readonly Answer[],
  agreement: Agreement | undefined,
): Markup | undefined {
  if (answers.length === 0) return undefined
  const rows = comparisonRows(answers)
  const covers = answers.flatMap(({ capacity }) =>
    capacity?.covers === undefined ? [] : [capacity.covers],
  )[0]
  const readAt = rows.some((row) => row.label === 'read at')
  const origins = [...new Set(answers.map(({ origin }) => origin))]
  const lead = [
    origins.length > 1 ? `The same question ${origins.map((origin) => howFound[origin]).join(', ')}.` : '',
    covers === undefined ? '' : `The interval covers ${covers}.`,
    readAt ? '“Read at” is the level that the lines below it are from.' : '',
    answers.some(({ side }) => side === 'B') ? 'What follows the table is A’s.' : '',
  ].filter((sentence) => sentence !== '')
  const head = answers.map(
    (answer) =>
      markup`<svg width="10" height="10" viewBox="0 0 10 10" aria-hidden="true"><circle class="f-${answer.origin}" cx="5" cy="5" r="5"/></svg> ${answerTitle(answer)}`,
  )
  const content = table({
    label: 'Answers side by side',
    className: answers.length > 1 ? 'answers' : 'answers single',
    head: ['', ...head],
    rows: rows.map((row) => [row.label, ...row.cells.map((cell) => cell || '–')]),
    strong: [0],
  })
  const sentence =
    agreement && markup`<p class="agreement ${agreement.agrees ? 'agrees' : ''}">${agreement.sentence}</p>`
  return markup`<section><h2>${answers.length > 1 ? 'The answers side by side' : 'The answer'}</h2><p>${lead.join(' ')}</p>${content}${sentence}</section>`
}

/** Each objective with what was found. */
export function objectivesSection({ summary, origin }: Answer): Markup | undefined {
  if (!summary || summary.objectives.length === 0) return undefined
  const tone = { holds: 'good', missed: 'bad', undecided: 'warn' }
  const sign = { holds: '✓', missed: '✗', undecided: '?' }
  const rows = summary.objectives.map((objective) => {
    const word = objectiveWord(objective)
    return [
      objective.text,
      markup`<span class="word ${tone[word]}">${sign[word]} ${word}</span>`,
      objectiveValue(objective),
      beyond(objective),
    ]
  })
  const lead = [levelSentence(origin, summary), ...meanings(summary.objectives)].join(' ')
  return markup`<section><h2>Objectives</h2><p>${lead}</p>${table({ label: 'Objectives', head: ['objective', 'result', 'value', 'share that misses it'], rows, left: [1] })}</section>`
}

/** What the words of objectives mean, of those that stand there. */
function meanings(objectives: readonly ObjectiveResult[]): string[] {
  const uses = (word: RegExp): boolean => objectives.some(({ text }) => word.test(text))
  return [
    ...(uses(/\bp95\b/) ? ['p95 is what 95 of 100 keep within.'] : []),
    ...(uses(/\bttft\b/) ? ['ttft is the time to the first text of an answer.'] : []),
  ]
}

function beyond(objective: ObjectiveResult): string {
  const { exceeded } = objective
  const why = whyUndecided(objective)
  if (!exceeded) return why
  return `${formatShare(exceeded.share)} (${formatShare(exceeded.allowed)} allowed${why && `; ${why}`})`
}

function levelSentence(origin: string, summary: Summary): string {
  return `As ${origin} at ${loadText(summary)}.`
}
