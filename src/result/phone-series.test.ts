import { expect, test } from 'vitest'
import { phoneCall } from './fixture-records.ts'
import type { PhoneEnding, PhoneRecord } from './phone-records.ts'
import { PhoneSeries } from './phone-series.ts'
import type { TurnRecord } from './records.ts'

const call = (grantedAtMs: number, endedAtMs: number, ending: PhoneEnding): PhoneRecord =>
  phoneCall({ grantedAtMs, answeredAtMs: grantedAtMs, endedAtMs, ending })
const turn = (sentAtMs: number, firstTokenAtMs: number) =>
  ({ kind: 'turn', sentAtMs, firstTokenAtMs }) as TurnRecord

test('calls count in each stretch for as long as they held a channel, endings where they ended', () => {
  const calls = [
    call(500, 2500, 'completed'),
    call(1000, 1500, 'dropped'),
    call(NaN, 1200, 'blocked'),
    call(2000, 9000, 'abandoned'),
  ]
  const told = new PhoneSeries({ stretchMs: 1000, count: 3 })
  for (const each of [turn(800, 1100), turn(2800, NaN)]) told.turn(each)
  for (const each of calls) told.call(each)
  const series = told.points()
  expect(series.map(({ onTheLine }) => onTheLine)).toEqual([0.5, 1.5, 1.5])
  expect(series.map(({ blocked, lost }) => [blocked, lost])).toEqual([
    [0, 0],
    [1, 1],
    [0, 0],
  ])
  expect(series.map(({ responseP50Ms }) => responseP50Ms !== undefined)).toEqual([false, true, false])
  expect(Math.abs(series[1]!.responseP50Ms! - 300)).toBeLessThan(5)
})
