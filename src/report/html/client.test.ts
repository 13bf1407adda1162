import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import type { ChartSpec } from './chart-spec.ts'
import { clientScript } from './client.ts'
import { FakeElement, fakeWindow } from './fixture-window.ts'

/** One chart of one line through these values, drawn by the page's script. */
function draw(xs: readonly number[], values: readonly number[], changes: Partial<ChartSpec> = {}) {
  const series = [{ label: 'solved', color: 'solved', style: 'line', values } as const]
  const words = { title: 'In flight', xLabel: 'users at once', yLabel: 'count', yUnit: 'calls' }
  const data = Object.assign(new FakeElement(), {
    textContent: JSON.stringify([{ id: 'flight', xs, series, ...words, ...changes }]),
  })
  const place = Object.assign(new FakeElement(), { dataset: { chart: 'flight' } })
  const { window, drawn } = fakeWindow(() => data, [place])
  runInNewContext(clientScript(), { window })
  return drawn[0]!
}

test.each([
  [[0.2, 0.7], false],
  [[0.2, 7], true],
])('the axis of counts of %j has marks at whole numbers only: %s', (values, isWhole) => {
  const { options } = draw([1, 2], values)
  expect(options.axes[1]!.incrs !== undefined).toBe(isWhole)
})

test.each([
  [[20, 20], true],
  [[20, 40], false],
])('a line through the levels %j is drawn as points: %s', (xs, isPoints) => {
  const { options } = draw(xs, [3, 4])
  expect(options.series[1]!.points!.show).toBe(isPoints)
})

test('of a level that was tried twice the tip tells both trials', () => {
  const { options, over } = draw([20, 40, 40], [1, 3, 4])
  for (const show of options.hooks['setCursor']!) show({ over, cursor: { idx: 1, left: 10 } })
  const [tip] = over.children
  expect(tip!.children.map(({ textContent }) => textContent)).toEqual([
    '40 users at once',
    'solved: 3, 4 calls',
  ])
})

test('a warm-up that goes on after the last point ends with the plot', () => {
  const { options } = draw([1, 2], [3, 4], { countedFrom: 30 })
  const filled: number[][] = []
  const ctx = {
    save() {},
    restore() {},
    fillRect: (...rect: number[]) => filled.push(rect),
  }
  const bbox = { left: 50, top: 10, width: 300, height: 200 }
  const valToPos = (value: number): number => bbox.left + value * 100
  for (const under of options.hooks['drawAxes']!) under({ ctx, bbox, valToPos })
  expect(filled).toEqual([[50, 10, 300, 200]])
})
