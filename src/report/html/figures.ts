import { formatCount } from '../../result/figure-text.ts'
import type { ChartSeries, ChartSpec } from './chart-spec.ts'
import { type Markup, markup } from './markup.ts'
import { tableBehind } from './tables.ts'

/** A place for the page's script to draw in, with title, legend and the numbers as a table. */
export function figures(specs: readonly ChartSpec[], heading?: string): Markup | undefined {
  if (specs.length === 0) return undefined
  const title = heading === undefined ? undefined : markup`<h2 class="part">${heading}</h2>`
  return markup`${title}<div class="charts ${specs.length === 4 && specs[0]?.tall ? 'one-and-three' : ''}">${specs.map(figure)}</div>`
}

function figure(spec: ChartSpec): Markup {
  const spoken = `${spec.title} in ${spec.yLabel}, against ${spec.xLabel}: the numbers are in the table below`
  const cut =
    spec.yMax === undefined
      ? undefined
      : markup`<p class="lead">Cut at ${formatCount(spec.yMax)} ${spec.yUnit}; what lies above is in the table.</p>`
  return markup`<figure class="chart ${spec.tall ? 'tall' : ''}"><figcaption><h2>${spec.title}</h2></figcaption>${legend(spec)}<div class="plot" data-chart="${spec.id}" role="img" aria-label="${spoken}"></div>${cut}${numbers(spec)}</figure>`
}

function legend(spec: ChartSpec): Markup {
  const entries = spec.series.map((series) => entry(symbol(series), series.label))
  if (spec.capacity) {
    const hasInterval = spec.capacity.low !== undefined
    entries.push(entry(capacitySymbol(hasInterval), hasInterval ? 'capacity and its interval' : 'capacity'))
    entries.push(entry(line('s-good', 1.5, '6 4'), 'run at'))
  }
  if (spec.countedFrom !== undefined) entries.push(entry(band(0, 26), 'warm-up, not counted'))
  return markup`<ul class="legend">${entries}</ul>`
}

function entry(picture: Markup, text: string): Markup {
  return markup`<li><svg width="26" height="14" viewBox="0 0 26 14" aria-hidden="true">${picture}</svg>${text}</li>`
}

function symbol(series: ChartSeries): Markup {
  const stroke = `s-${series.color}`
  switch (series.style) {
    case 'line':
      return line(stroke, 2.25, 'none')
    case 'dashed':
      return line(stroke, 2.25, '7 4')
    case 'thin':
      return line(stroke, 1.25, 'none')
    case 'thin-dashed':
      return line(stroke, 1.25, '3 3')
    case 'points': {
      const bar = series.low ? markup`<path class="${stroke}" stroke-width="1.5" d="M13 1V13"/>` : undefined
      return markup`${bar}<circle class="f-${series.color}" cx="13" cy="7" r="4"/>`
    }
    case 'hollow':
      return markup`<circle class="f-paper ${stroke}" stroke-width="1.5" cx="13" cy="7" r="3"/>`
    default:
      return series.style satisfies never
  }
}

function line(stroke: string, width: number, dash: string): Markup {
  return markup`<path class="${stroke}" stroke-width="${width}" stroke-dasharray="${dash}" d="M1 7H25"/>`
}

function band(x: number, width: number): Markup {
  return markup`<rect class="f-band" x="${x}" width="${width}" height="14"/>`
}

function capacitySymbol(hasInterval: boolean): Markup {
  return markup`${hasInterval ? band(5, 16) : undefined}<path class="s-ink" stroke-width="1.5" d="M13 0V14"/>`
}

function numbers(spec: ChartSpec): Markup {
  const cell = (value: number | null | undefined): string => (value == null ? '' : formatCount(value))
  return tableBehind({
    label: spec.title,
    head: [spec.xLabel, ...spec.series.map((series) => `${series.label}${spec.yUnit && `, ${spec.yUnit}`}`)],
    rows: spec.xs.map((x, index) => [
      formatCount(x),
      ...spec.series.map((series) => {
        const low = series.low?.[index]
        const high = series.high?.[index]
        const bounds = low == null || high == null ? '' : ` (${cell(low)} to ${cell(high)})`
        return `${cell(series.values[index])}${bounds}`
      }),
    ]),
  })
}
