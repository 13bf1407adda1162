import { loadText } from '../../result/load-words.ts'
import type { Summary } from '../../result/summary.ts'
import { levelValue } from '../../workload/level.ts'
import { type Answer, headlineAnswer } from '../answers.ts'
import { formatCount, formatMs, formatShare } from '../../result/figure-text.ts'
import { type Bar, bars } from './bars.ts'
import { type Markup, markup } from './markup.ts'
import { tableBehind } from './tables.ts'
import { limitText } from '../limit-text.ts'

const partClasses = 8
/** One colour each, whoever tells of them. */
const knownParts: ReadonlyMap<string, number> = new Map([
  ['model', 0],
  ['agent', 1],
  ['cpu', 6],
  ['hearing, speaking, agent', 1],
  ['hearing', 3],
  ['speaking', 4],
  ['tools', 2],
  ['queue', 3],
  ['prompt', 4],
  ['retry wait', 5],
  ['answer heard', 6],
  ['state', 7],
])

/** Where the mean turn spends its time: one stacked bar for each engine, on one scale. */
export function turnTimeSection(answers: readonly Answer[]): Markup | undefined {
  const withParts = answers.filter(({ summary }) => summary?.turnTime && summary.turnTime.length > 0)
  if (withParts.length === 0) return undefined
  const names = [
    ...new Set(withParts.flatMap(({ summary }) => summary?.turnTime?.map((part) => part.part) ?? [])),
  ]
  const total = (summary: Summary | undefined): number =>
    sum(summary?.turnTime?.map((part) => part.meanMs) ?? [])
  const fills = partFills(names)
  const longest = Math.max(...withParts.map(({ summary }) => total(summary)), Number.MIN_VALUE)
  const list = withParts.map(({ origin, summary }): Bar => {
    let from = 0
    const parts = names.map((name, index) => {
      const meanMs = partMs(summary, name)
      const part = {
        from,
        width: (meanMs / longest) * 100,
        fill: fills[index]!,
        title: `${name}: ${formatMs(meanMs)}`,
      }
      from += part.width
      return part
    })
    return {
      name: origin,
      value: formatMs(total(summary)),
      spoken: parts.map((part) => part.title).join(', '),
      parts,
    }
  })
  const legend = names.map(
    (name, index) =>
      markup`<li><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect class="${fills[index]}" width="12" height="12" rx="2"/></svg>${name}</li>`,
  )
  const numbers = tableBehind({
    label: 'Where the time of a turn goes',
    head: ['', ...withParts.map(({ origin }) => origin)],
    rows: names.map((name) => [name, ...withParts.map(({ summary }) => partText(summary, name))]),
  })
  return markup`<section><h2>Where a turn’s time goes</h2><p>${`The mean turn ${atLevels(withParts)}.`}</p><ul class="legend">${legend}</ul>${bars(list, 'Where the time of a turn goes')}${numbers}</section>`
}

/** How much of each service is in use, against its limit. */
export function servicesSection(answer: Answer): Markup | undefined {
  const services = answer.summary?.services ?? []
  if (services.length === 0) return undefined
  const most = Math.max(1, ...services.map((service) => service.utilisation).filter(Number.isFinite)) * 1.05
  const list = services.map((service): Bar => ({
    name: service.binding
      ? markup`<strong>${service.name}</strong> <span class="tag warn">binds first</span>`
      : service.name,
    value: markup`${formatShare(service.utilisation)} <span class="dim">of ${limitText(service)}</span>`,
    spoken: `${service.name}: ${formatShare(service.utilisation)} of ${limitText(service)}${service.binding ? ', binds first' : ''}`,
    parts: [
      { from: 0, width: (service.utilisation / most) * 100, fill: service.binding ? 'f-warn' : 'f-accent' },
    ],
    limitAt: 100 / most,
  }))
  return markup`<section><h2>Services in use</h2><p>${`Share of each limit, as ${answer.origin} ${atLevel(answer.summary)}. The red line is the limit.`}</p>${bars(list, 'Services in use', 'above')}</section>`
}

/** Turns that got no answer, by kind, at every level tried by the engine that counts most. */
export function errorsSection(answers: readonly Answer[]): Markup | undefined {
  const headline = headlineAnswer(answers.filter(({ summary }) => summary?.errors))
  if (!headline) return undefined
  const summaries = headline.capacity
    ? headline.capacity.probes.map((probe) => probe.summary)
    : answers.flatMap(({ summary }) => (summary ? [summary] : []))
  const levels = summaries
    .filter((summary) => summary.errors && hasEndedTurns(summary))
    .toSorted((one, other) => levelValue(one.level) - levelValue(other.level))
  const isAlone = (summary: Summary): boolean =>
    levels.every((other) => other === summary || levelValue(other.level) !== levelValue(summary.level))
  const levelName = (summary: Summary): string =>
    isAlone(summary) || summary.seed === undefined
      ? loadText(summary)
      : `${loadText(summary)}, seed ${summary.seed}`
  if (levels.length === 0) return undefined
  const kinds = [...new Set(levels.flatMap((summary) => kindsOf(summary).map(([kind]) => kind)))]
  const title = markup`<h2>Errors by kind</h2>`
  if (levels.every((summary) => !summary.errors?.rate))
    return markup`<section>${title}<p>None: every turn got its answer, ${`as ${headline.origin}, at every level shown`}.</p></section>`
  const clear = levels.findIndex((summary) => (summary.errors?.rate ?? 0) > 0)
  const shown = levels.slice(clear)
  const lastClear = levels[clear - 1]
  const none = lastClear ? ` None up to ${loadText(lastClear)}.` : ''
  const highest = Math.max(...levels.map((summary) => summary.errors?.rate ?? 0))
  const list = shown.map((summary): Bar => {
    const all = sum(kindsOf(summary).map(([, count]) => count))
    const rate = summary.errors?.rate ?? 0
    let from = 0
    const parts = kinds.map((kind, index) => {
      const share = all > 0 ? (summary.errors?.byKind[kind] ?? 0) / all : 0
      const part = {
        from,
        width: (rate / highest) * share * 100,
        fill: `p-${errorColor(index)}`,
        title: `${kind}: ${kindValue(summary, kind)}`,
      }
      from += part.width
      return part
    })
    return {
      name: levelName(summary),
      value: formatShare(rate),
      spoken: `${formatShare(rate)} of turns; ${parts.map((part) => part.title).join(', ')}`,
      parts,
    }
  })
  const legend = kinds.map(
    (kind, index) =>
      markup`<li><svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true"><rect class="p-${errorColor(index)}" width="12" height="12" rx="2"/></svg>${kind}</li>`,
  )
  const numbers = tableBehind({
    label: 'Errors by kind',
    head: ['', 'errors', ...kinds],
    rows: levels.map((summary) => [
      levelName(summary),
      formatShare(summary.errors?.rate),
      ...kinds.map((kind) => kindValue(summary, kind)),
    ]),
  })
  return markup`<section>${title}<p>${`Share of ended turns, as ${headline.origin}.${none}`}</p><ul class="legend">${legend}</ul>${bars(list, 'Errors by kind')}${numbers}</section>`
}

/** Formulas count none, and always tell of some. */
function hasEndedTurns({ turns }: Summary): boolean {
  const { completed, failed = 0, abandoned = 0, rejected = 0 } = turns
  return completed === undefined || completed + failed + abandoned + rejected > 0
}

function kindsOf(summary: Summary): [string, number][] {
  return Object.entries(summary.errors?.byKind ?? {}).filter(([kind, count]) => kind !== 'none' && count > 0)
}

/** Counted where turns were played, a share of all turns where they were solved. */
function kindValue({ origin, errors }: Summary, kind: string): string {
  const value = errors?.byKind[kind] ?? 0
  return origin === 'solved' ? formatShare(value) : formatCount(value)
}

function errorColor(index: number): number {
  return [5, 1, 3, 4, 0, 2, 6, 7][index % partClasses] ?? 6
}

function atLevel(summary: Summary | undefined): string {
  return summary ? `at ${loadText(summary)}` : ''
}

function atLevels(answers: readonly Answer[]): string {
  const levels = [...new Set(answers.map(({ summary }) => (summary ? loadText(summary) : '')))]
  return levels.length === 1 ? `at ${levels[0]}` : `of each engine near its capacity (${levels.join(', ')})`
}

function partMs(summary: Summary | undefined, name: string): number {
  return sum((summary?.turnTime ?? []).filter((part) => part.part === name).map((part) => part.meanMs))
}

function partText(summary: Summary | undefined, name: string): string {
  const p95Ms = summary?.turnTime?.find(({ part }) => part === name)?.p95Ms
  return `${formatMs(partMs(summary, name))}${p95Ms === undefined ? '' : ` (p95 ${formatMs(p95Ms)})`}`
}

/** Each its own colour or, where it has none or another part has taken it, one that is left. */
function partFills(names: readonly string[]): string[] {
  const wanted = names.map((name) => knownParts.get(name))
  const own = wanted.map((color, index) => (wanted.indexOf(color) === index ? color : undefined))
  const left = Array.from({ length: partClasses }, (_, color) => color).filter(
    (color) => !own.includes(color),
  )
  return own.map((color, index) => `p-${color ?? left.shift() ?? index % partClasses}`)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + (Number.isFinite(value) ? value : 0), 0)
}
