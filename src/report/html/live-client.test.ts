import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { FakeElement, fakeWindow } from './fixture-window.ts'
import { liveScript } from './live-client.ts'

test('the only time that is known yet is a point, whatever was seen before it', () => {
  const elements = new Map<string, FakeElement>()
  const elementOf = (id: string): FakeElement => {
    const element = elements.get(id) ?? new FakeElement()
    elements.set(id, element)
    return element
  }
  let tell = (_event: { readonly data: string }): void => {}
  class EventSource {
    addEventListener(name: string, listener: typeof tell): void {
      if (name === 'update') tell = listener
    }
  }
  const { window, drawn } = fakeWindow(elementOf)
  runInNewContext(liveScript(), { window: { ...window, EventSource } })
  const point = { level: 5, inFlight: 1, turnsPerSecond: 1, errorsPerSecond: 0 }
  const rest = { untilMs: 9000, completed: 0, unanswered: 0, objectives: [] }
  tell({ data: JSON.stringify({ point: { ...point, atMs: 1000 }, ...rest }) })
  tell({ data: JSON.stringify({ point: { ...point, atMs: 2000, turnP95Ms: 700 }, ...rest }) })
  const shown = drawn.slice(-4).map(({ options }) => options.series[1]!.points!.show)
  expect(shown).toEqual([false, false, true, false])
})
