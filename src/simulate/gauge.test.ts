import { expect, test } from 'vitest'
import { EventQueue } from '../clock/event-queue.ts'
import { Gauge } from './gauge.ts'

/** A gauge whose clock is moved by hand. */
function gauge(): { gauge: Gauge; set: (atMs: number, level: number) => void } {
  const clock = new EventQueue()
  const made = new Gauge(clock)
  const set = (atMs: number, level: number): void => {
    clock.at(atMs).push(0, 0, 0)
    clock.pop()
    made.set(level)
  }
  return { gauge: made, set }
}

test('each stretch has its own mean and its own highest', () => {
  const { gauge: line, set } = gauge()
  set(10, 4)
  set(20, 1)
  expect(line.read(100)).toEqual({ mean: (4 * 10 + 1 * 80) / 100, highest: 4 })
  set(150, 0)
  // What it began with counts.
  expect(line.read(200)).toEqual({ mean: 0.5, highest: 1 })
  expect(line.read(300)).toEqual({ mean: 0, highest: 0 })
})

test('what did not move is told without rounding', () => {
  const { gauge: users, set } = gauge()
  set(0, 147)
  for (let i = 1; i <= 60; i++)
    expect(users.read((i * 7_800_000.1) / 60)).toEqual({ mean: 147, highest: 147 })
})
