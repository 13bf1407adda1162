// Runs in the browser of whoever watches a run: put into the page as its own source text, so nothing outside its one
// function may be used.
import type { BrowserWindow, Plot } from './browser-types.ts'

interface LiveWindow extends BrowserWindow {
  readonly EventSource: new (url: string) => {
    addEventListener(name: string, listener: (event: { readonly data: string }) => void): void
    close(): void
  }
}

interface Update {
  readonly point: {
    readonly atMs: number
    readonly level: number
    readonly inFlight: number
    readonly turnsPerSecond: number
    readonly turnP95Ms?: number
    readonly errorsPerSecond: number
  }
  readonly untilMs: number
  readonly completed: number
  readonly unanswered: number
  readonly objectives: readonly { readonly text: string; readonly shown: string; readonly word: string }[]
}

/** Follows the run's events: figures, objectives and four charts. */
function follow(view: LiveWindow): void {
  const page = view.document
  const byId = (id: string) => page.getElementById(id)!
  const say = (id: string, text: string): void => void (byId(id).textContent = text)
  const short = (value: number): string =>
    value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
  const whole = (count: number, per: number, unit: string, rest: string): string =>
    `${Math.floor(count / per)} ${unit}${count % per > 0 ? ` ${count % per} ${rest}` : ''}`
  const time = (ms: number): string => {
    if (ms < 1000) return `${Math.round(ms)} ms`
    if (ms < 99_950) return `${short(ms / 1000)} s`
    if (ms < 3_599_500) return whole(Math.round(ms / 1000), 60, 'min', 's')
    return whole(Math.round(ms / 60_000), 60, 'h', 'min')
  }
  const charts = [
    {
      title: byId('level-name').textContent ?? '',
      color: 'observed',
      pick: ({ level }: Update['point']) => level,
    },
    { title: 'turns/s', color: 'solved', pick: ({ turnsPerSecond }: Update['point']) => turnsPerSecond },
    {
      title: `${byId('time-name').textContent} (s)`,
      color: 'simulated',
      pick: ({ turnP95Ms }: Update['point']) => (turnP95Ms === undefined ? null : turnP95Ms / 1000),
    },
    {
      title: `${byId('lost-name').textContent}, a second`,
      color: 'bad',
      pick: ({ errorsPerSecond }: Update['point']) => errorsPerSecond,
    },
  ].map((chart) => {
    const figure = page.createElement('figure')
    figure.className = 'chart'
    const caption = page.createElement('figcaption')
    caption.textContent = chart.title
    const place = page.createElement('div')
    place.role = 'img'
    place.ariaLabel = `${chart.title}, over time`
    figure.append(caption, place)
    byId('charts').append(figure)
    return { ...chart, place, plot: undefined as Plot | undefined }
  })
  const points: Update['point'][] = []

  function draw(): void {
    if (points.length === 0) return
    const theme = view.getComputedStyle(page.documentElement)
    const color = (name: string): string => theme.getPropertyValue(`--${name}`).trim()
    const [unit, unitMs] = points.at(-1)!.atMs < 180_000 ? ['s', 1000] : ['min', 60_000]
    const axis = { stroke: color('dim'), grid: { stroke: color('rule'), width: 1 }, ticks: { show: false } }
    for (const chart of charts) {
      chart.plot?.destroy()
      const values = points.map(chart.pick)
      chart.plot = new view.uPlot(
        {
          width: chart.place.clientWidth,
          height: 160,
          legend: { show: false },
          cursor: { show: false },
          scales: {
            x: { time: false },
            y: { range: (_: unknown, _low: number, high: number) => [0, high > 0 ? high * 1.1 : 1] },
          },
          axes: [
            {
              ...axis,
              size: 30,
              values: (_: unknown, ticks: number[]) => ticks.map((at) => `${at} ${unit}`),
            },
            { ...axis, size: 56 },
          ],
          series: [
            {},
            {
              stroke: color(chart.color),
              width: 2,
              points: { show: values.filter((value) => value !== null).length === 1, size: 6 },
            },
          ],
        },
        [points.map(({ atMs }) => atMs / unitMs), values],
        chart.place,
      )
    }
  }

  function show(update: Update): void {
    const { point } = update
    points.push(point)
    say('level', short(point.level))
    say('rate', short(point.turnsPerSecond))
    say('p95', point.turnP95Ms === undefined ? '–' : time(point.turnP95Ms))
    say('flight', short(point.inFlight))
    say('errors', short(update.unanswered))
    const left = Math.max(0, update.untilMs - point.atMs)
    say(
      'state',
      `${time(point.atMs)} of ${time(update.untilMs)}, ${short(update.completed)} turns answered, ${time(left)} left`,
    )
    ;(byId('passed') as unknown as { value: number }).value = Math.min(1, point.atMs / update.untilMs)
    byId('objectives').replaceChildren(
      ...update.objectives.map(({ text, shown, word }) => {
        const item = page.createElement('li')
        item.className = word
        item.textContent = `${text}: ${shown}`
        return item
      }),
    )
  }

  const events = new view.EventSource('events')
  let wanted = false
  events.addEventListener('update', ({ data }) => {
    show(JSON.parse(data) as Update)
    if (wanted) return
    wanted = true
    view.requestAnimationFrame(() => {
      wanted = false
      draw()
    })
  })
  events.addEventListener('begin', () => void (points.length = 0))
  events.addEventListener('end', () => {
    events.close()
    say('state', 'the run is over; its report tells the rest')
  })
  view.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw)
  new view.ResizeObserver(() => view.requestAnimationFrame(draw)).observe(byId('charts'))
}

/** The script of the page, as text. */
export function liveScript(): string {
  return `(${String(follow)})(window)`
}
