// Runs in the reader's browser: each function is put into the page as its own source text, so none may use an
// import at run time or anything outside this file.
import type { BrowserWindow, PageElement, Plot } from './browser-types.ts'
import type { ChartSeries, ChartSpec } from './chart-spec.ts'

type Theme = (name: string) => string

/** Draws every chart of the page and draws it again when its size or the reader's colour scheme changes. */
function drawCharts(view: BrowserWindow): void {
  const data = view.document.getElementById('chart-data')
  const specs = JSON.parse(data?.textContent ?? '[]') as ChartSpec[]
  const places = new Map(
    [...view.document.querySelectorAll('[data-chart]')].map((place) => [place.dataset['chart'], place]),
  )
  const drawn: (() => void)[] = []
  for (const spec of specs) {
    const place = places.get(spec.id)
    if (place) drawn.push(keepDrawn(view, spec, place))
  }
  const redrawAll = (): void => drawn.forEach((redraw) => redraw())
  for (const query of ['(prefers-color-scheme: dark)', 'print'])
    view.matchMedia(query).addEventListener('change', redrawAll)
}

function keepDrawn(view: BrowserWindow, spec: ChartSpec, place: PageElement): () => void {
  let plot: Plot | undefined
  let width = 0
  const redraw = (): void => {
    plot?.destroy()
    width = place.clientWidth
    if (width > 0) plot = drawChart(view, spec, place)
  }
  const resize = (): void => {
    if (place.clientWidth !== width) redraw()
  }
  redraw()
  new view.ResizeObserver(() => view.requestAnimationFrame(resize)).observe(place)
  return redraw
}

function drawChart(view: BrowserWindow, spec: ChartSpec, place: PageElement): Plot {
  const style = view.getComputedStyle(view.document.documentElement)
  const theme: Theme = (name) => style.getPropertyValue(`--${name}`).trim()
  const tip = view.document.createElement('div')
  tip.className = 'tip'
  tip.hidden = true
  const values = spec.series.map((series) => series.values)
  const plot = new view.uPlot(
    chartOptions(view, spec, theme, place.clientWidth, tip),
    [spec.xs, ...values],
    place,
  )
  plot.over.append(tip)
  return plot
}

function chartOptions(
  view: BrowserWindow,
  spec: ChartSpec,
  theme: Theme,
  width: number,
  tip: PageElement,
): Record<string, unknown> {
  const ratio = view.devicePixelRatio
  // Averages of a count may all be below one.
  const isCount = ['', 'turns', 'calls'].includes(spec.yUnit) && yRange(spec)[1] >= 1
  const whole = Array.from({ length: 30 }, (_, i) => [1, 2, 5][i % 3]! * 10 ** Math.floor(i / 3))
  const axis = {
    stroke: theme('dim'),
    font: '12px system-ui, sans-serif',
    labelFont: '12px system-ui, sans-serif',
    labelGap: 2,
    grid: { stroke: theme('rule'), width: 1 },
    ticks: { stroke: theme('rule'), width: 1, size: 4 },
    values: (_plot: Plot, ticks: readonly number[]) => ticks.map(tickText),
  }
  return {
    width,
    height: Math.round(Math.min(spec.tall ? 380 : 280, Math.max(230, width * 0.62))),
    padding: [spec.capacity ? 40 : 12, 14, 0, 4],
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
    scales: { x: { time: false, range: () => xRange(spec) }, y: { range: () => yRange(spec) } },
    axes: [
      { ...axis, label: spec.xLabel, labelSize: 20, size: 34, space: 56 },
      { ...axis, label: spec.yLabel, labelSize: 20, size: 46, space: 34, ...(isCount && { incrs: whole }) },
    ],
    series: [{}, ...spec.series.map((series) => seriesOptions(spec, series, theme))],
    hooks: {
      drawAxes: [(plot: Plot) => drawUnder(plot, spec, theme, ratio)],
      draw: [(plot: Plot) => drawOver(plot, spec, theme, ratio)],
      setCursor: [(plot: Plot) => showTip(view, plot, spec, tip)],
    },
  }
}

function xRange(spec: ChartSpec): [number, number] {
  const first = spec.xs[0] ?? 0
  const last = Math.max(spec.xs.at(-1) ?? 1, spec.capacity?.high ?? 0, spec.capacity?.at ?? 0)
  return [Math.min(0, first), last > 0 ? last * 1.03 : 1]
}

function yRange(spec: ChartSpec): [number, number] {
  if (spec.yMax !== undefined) return [0, spec.yMax]
  let highest = (spec.limit?.value ?? 0) * 1.08
  for (const series of spec.series) {
    for (const value of [...series.values, ...(series.high ?? [])]) highest = Math.max(highest, value ?? 0)
  }
  return [0, highest > 0 ? highest * 1.06 : 1]
}

function seriesOptions(spec: ChartSpec, series: ChartSeries, theme: Theme): Record<string, unknown> {
  const color = theme(series.color)
  // Trials of one level stand above each other, and no line goes through them either.
  const isLone = new Set(spec.xs.filter((_, index) => series.values[index] != null)).size === 1
  const isPoints = isLone || series.style === 'points' || series.style === 'hollow'
  const isThin = series.style === 'thin' || series.style === 'thin-dashed'
  const isDashed = series.style === 'dashed' || series.style === 'thin-dashed'
  return {
    label: series.label,
    stroke: color,
    width: isThin ? 1.25 : 2.25,
    alpha: isThin ? 0.75 : 1,
    spanGaps: true,
    ...(isDashed && { dash: isThin ? [3, 3] : [7, 4] }),
    ...(isPoints && { paths: () => null }),
    points: isPoints
      ? {
          show: true,
          size: series.style === 'hollow' ? 6 : 8,
          width: 1.5,
          stroke: color,
          fill: series.style === 'hollow' ? theme('paper') : color,
        }
      : { show: false },
  }
}

/** Under the curves: the warm-up, the interval of the capacity, where to run, and the objective's limit. */
function drawUnder(plot: Plot, spec: ChartSpec, theme: Theme, ratio: number): void {
  const { ctx, bbox } = plot
  const at = (value: number): number => plot.valToPos(value, 'x', true)
  ctx.save()
  if (spec.countedFrom !== undefined) {
    ctx.fillStyle = theme('band')
    const right = Math.min(at(spec.countedFrom), bbox.left + bbox.width)
    ctx.fillRect(bbox.left, bbox.top, right - bbox.left, bbox.height)
  }
  if (spec.capacity?.low !== undefined && spec.capacity.high !== undefined) {
    const left = at(spec.capacity.low)
    ctx.fillStyle = theme('band')
    ctx.fillRect(left, bbox.top, Math.max(ratio, at(spec.capacity.high) - left), bbox.height)
  }
  if (spec.capacity) {
    strokeLine(
      plot,
      [at(spec.capacity.at), bbox.top - 6 * ratio, at(spec.capacity.at), bbox.top + bbox.height],
      theme('ink'),
      1.5 * ratio,
      [],
    )
    strokeLine(
      plot,
      [at(spec.capacity.runAt), bbox.top - 6 * ratio, at(spec.capacity.runAt), bbox.top + bbox.height],
      theme('good'),
      1.5 * ratio,
      [6 * ratio, 4 * ratio],
    )
  }
  if (spec.limit) {
    const y = plot.valToPos(spec.limit.value, 'y', true)
    strokeLine(plot, [bbox.left, y, bbox.left + bbox.width, y], theme('bad'), 1.5 * ratio, [
      2 * ratio,
      3 * ratio,
    ])
    ctx.font = `${12 * ratio}px system-ui, sans-serif`
    ctx.textAlign = 'left'
    ctx.textBaseline = 'bottom'
    const width = ctx.measureText(spec.limit.label).width
    ctx.fillStyle = theme('paper')
    ctx.fillRect(bbox.left + 4 * ratio, y - 18 * ratio, width + 4 * ratio, 15 * ratio)
    ctx.fillStyle = theme('bad')
    ctx.fillText(spec.limit.label, bbox.left + 6 * ratio, y - 3 * ratio)
  }
  ctx.restore()
}

/** Over the curves: intervals of measured points, and the labels above the plot on lines of their own. */
function drawOver(plot: Plot, spec: ChartSpec, theme: Theme, ratio: number): void {
  const { ctx, bbox } = plot
  ctx.save()
  for (const series of spec.series) {
    for (const [index, x] of spec.xs.entries()) {
      const low = series.low?.[index]
      const high = series.high?.[index]
      if (low == null || high == null) continue
      const left = plot.valToPos(x, 'x', true)
      const clip = (value: number): number =>
        Math.max(bbox.top, Math.min(bbox.top + bbox.height, plot.valToPos(value, 'y', true)))
      strokeLine(plot, [left, clip(low), left, clip(high)], theme(series.color), 1.5 * ratio, [])
      for (const end of [low, high]) {
        if (clip(end) === plot.valToPos(end, 'y', true))
          strokeLine(
            plot,
            [left - 3 * ratio, clip(end), left + 3 * ratio, clip(end)],
            theme(series.color),
            1.5 * ratio,
            [],
          )
      }
    }
  }
  if (spec.capacity) drawLabels(plot, spec.capacity, theme, ratio)
  ctx.restore()
}

function drawLabels(
  plot: Plot,
  capacity: NonNullable<ChartSpec['capacity']>,
  theme: Theme,
  ratio: number,
): void {
  const { ctx, bbox } = plot
  const interval =
    capacity.low === undefined || capacity.high === undefined
      ? ''
      : ` (${tickText(capacity.low)} to ${tickText(capacity.high)})`
  const labels = [
    { text: `run at ${tickText(capacity.runAt)}`, x: capacity.runAt, color: theme('good'), row: 22 },
    { text: `breaks at ${tickText(capacity.at)}${interval}`, x: capacity.at, color: theme('ink'), row: 8 },
  ]
  ctx.font = `600 ${12 * ratio}px system-ui, sans-serif`
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'left'
  for (const label of labels) {
    const half = ctx.measureText(label.text).width / 2
    const center = plot.valToPos(label.x, 'x', true)
    const left = Math.max(0, Math.min(bbox.left + bbox.width - 2 * half, center - half))
    ctx.fillStyle = label.color
    ctx.fillText(label.text, left, bbox.top - label.row * ratio)
  }
}

function strokeLine(
  plot: Plot,
  [fromX, fromY, toX, toY]: [number, number, number, number],
  color: string,
  width: number,
  dash: readonly number[],
): void {
  const { ctx } = plot
  ctx.beginPath()
  ctx.strokeStyle = color
  ctx.lineWidth = width
  ctx.setLineDash(dash)
  ctx.moveTo(fromX, fromY)
  ctx.lineTo(toX, toY)
  ctx.stroke()
  ctx.setLineDash([])
}

/** The values under the pointer; on which side depends on where there is room. */
function showTip(view: BrowserWindow, plot: Plot, spec: ChartSpec, tip: PageElement): void {
  const { idx, left } = plot.cursor
  const x = idx === null ? undefined : spec.xs[idx]
  // A level that was tried more than once has a value for each trial.
  const told = spec.series
    .map(({ label, values }) => ({
      label,
      values: values.filter((value, i) => value != null && spec.xs[i] === x),
    }))
    .filter(({ values }) => values.length > 0)
  tip.hidden = x === undefined || left < 0 || told.length === 0
  if (x === undefined || tip.hidden) return
  const line = (text: string): PageElement => {
    const element = view.document.createElement('div')
    element.textContent = text
    return element
  }
  tip.replaceChildren(
    line(`${tickText(x)} ${spec.xLabel}`),
    ...told.map(({ label, values }) =>
      line(`${label}: ${values.map((value) => tickText(value ?? 0)).join(', ')} ${spec.yUnit}`),
    ),
  )
  const goesLeft = left > plot.over.clientWidth / 2
  tip.style['left'] = goesLeft ? 'auto' : `${left + 12}px`
  tip.style['right'] = goesLeft ? `${plot.over.clientWidth - left + 12}px` : 'auto'
}

function tickText(value: number): string {
  const size = Math.abs(value)
  if (size >= 1e9) return value.toExponential(1)
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`
  return String(size >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
}

const functions = [
  drawCharts,
  keepDrawn,
  drawChart,
  chartOptions,
  xRange,
  yRange,
  seriesOptions,
  drawUnder,
  drawOver,
  drawLabels,
  strokeLine,
  showTip,
  tickText,
]

/** The page's own script, from the functions above. */
export function clientScript(): string {
  return `'use strict'\n${functions.map(String).join('\n')}\ndrawCharts(window)\n`
}
