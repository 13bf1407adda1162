import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startFrameClock } from './frame-clock.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A clock whose time is that of its timers, or is put forward by hand: a process that is held up. */
function made() {
  let heldUpMs = 0
  const startedMs = performance.now()
  const now = (): number => performance.now() - startedMs + heldUpMs
  return { clock: startFrameClock(now), now, holdUp: (ms: number) => void (heldUpMs += ms) }
}

test('a call says a frame every 20 ms of its own schedule; calls that begin together are spread', () => {
  const { clock } = made()
  const said: number[][] = [[], [], [], []]
  for (const times of said) clock.add((atMs) => times.push(atMs) < 5)
  vi.advanceTimersByTime(200)
  expect(said.map(([first]) => first)).toEqual([1, 2, 3, 4])
  for (const times of said) expect(times).toEqual(Array.from({ length: 5 }, (_, i) => times[0]! + 20 * i))
})

test('a clock that was held up says all that was due, each as late as it is', () => {
  const { clock, holdUp } = made()
  const said: number[] = []
  clock.add((atMs) => (said.push(atMs), true))
  vi.advanceTimersByTime(30)
  holdUp(200)
  vi.advanceTimersByTime(1)
  expect(said).toEqual([1, ...Array.from({ length: 11 }, (_, i) => 21 + 20 * i)])
  expect(clock.frames).toBe(12)
  const { lateness } = clock
  // At 231 ms: two were on time, the third is 190 ms late, and the last 10.
  expect([1, 0.5].map((p) => Math.round(lateness.quantile(p) / 10))).toEqual([19, 7])
})

test('late is what is said last of a batch: by the time that the others took', () => {
  const { clock, holdUp } = made()
  for (let i = 0; i < 40; i++) clock.add(() => (holdUp(1), true))
  vi.advanceTimersByTime(3)
  expect(clock.lateness.quantile(1)).toBeGreaterThanOrEqual(2)
})

test('frames that are due need not wait for the timer, and are said once', () => {
  const { clock, holdUp, now } = made()
  const said: number[] = []
  clock.add((atMs) => (said.push(atMs), true))
  holdUp(50)
  clock.reach(now())
  expect(said).toEqual([1, 21, 41])
  clock.reach(now())
  vi.advanceTimersByTime(1)
  expect(said).toEqual([1, 21, 41])
})

test('who is gone says nothing more, and an empty clock has no timer', () => {
  const { clock } = made()
  clock.add(() => false)
  vi.advanceTimersByTime(5)
  expect([clock.frames, vi.getTimerCount()]).toEqual([0, 0])
  const said: number[] = []
  vi.advanceTimersByTime(1000)
  clock.add((atMs) => (said.push(atMs), true))
  vi.advanceTimersByTime(2)
  expect(said).toEqual([1006])
  clock.stop()
  expect(vi.getTimerCount()).toBe(0)
})
