import { expect, test } from 'vitest'
import { Uniforms } from '../sessions/uniform.ts'
import { type SoakSample, soakObjectives, soakOf } from './soak.ts'

const limits = { memoryBytes: 1000, descriptors: 0.01 }
const mega = 1e6

/** 200 looks at a server that closes 50 sessions between two, under a collector that comes by at every tenth. */
function looks(leftBytes: (closed: number) => number, files = 0, seed = 1): SoakSample[] {
  const uniforms = new Uniforms(seed)
  return Array.from({ length: 200 }, (_, i) => {
    const closed = i * 50
    const garbage = (i % 10) * mega + uniforms.at(i, 0, 0, 0, 60) * mega
    return {
      closed,
      rssBytes: 80 * mega + leftBytes(closed) + garbage,
      openFiles: 20 + Math.floor(closed * files) + Math.floor(uniforms.at(i, 1, 0, 0, 60) * 5),
    }
  })
}

test.each<[string, (closed: number) => number, number, string, string]>([
  ['keeps nothing', () => 0, 0, 'none', 'none'],
  ['keeps 5 kB of each', (closed) => 5000 * closed, 0, 'leak', 'none'],
  ['keeps a file in twenty', () => 0, 0.05, 'none', 'leak'],
  // Full after 4,000 sessions: what it needs, and no leak.
  ['fills its caches first', (closed) => Math.min(closed, 4000) * 5000, 0, 'none', 'none'],
  ['keeps as much as is allowed', (closed) => 1000 * closed, 0, 'cannot tell', 'none'],
])('a server that %s', (_, left, files, memory, openFiles) => {
  const soak = soakOf(looks(left, files), limits)
  expect(soak.resources.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['memory', memory],
    ['open files', openFiles],
  ])
  const worst = [memory, openFiles].includes('leak') ? 'leak' : memory
  expect(soak).toMatchObject({ sessions: 9950, looks: 200, verdict: worst })
})

test('the slope is what is left by a session', () => {
  const [memory] = soakOf(
    looks((closed) => 5000 * closed),
    limits,
  ).resources
  expect(Math.abs(memory!.slope! / 5000 - 1)).toBeLessThan(0.02)
  expect(memory!.low).toBeLessThan(memory!.slope!)
  expect(memory!.high).toBeGreaterThan(memory!.slope!)
})

test('a server that has just begun, and has closed few sessions, is not called a leak', () => {
  // 3 MB in 130 sessions: 23 kB of each, and nothing that a fresh heap does not do.
  const young = looks((closed) => 23_000 * closed).map((each) => ({ ...each, closed: each.closed / 75 }))
  expect(
    soakOf(
      young.map(({ closed }) => ({ closed, rssBytes: 70 * mega + 23_000 * closed })),
      limits,
    ).verdict,
  ).toBe('cannot tell')
})

test('too few sessions, or looks, tell nothing', () => {
  const few = looks(() => 0).slice(0, 2)
  expect(soakOf(few, limits).verdict).toBe('cannot tell')
  expect(soakOf([], limits).verdict).toBe('cannot tell')
})

test('each is an objective, undecided where it cannot be told', () => {
  const objectives = soakObjectives(
    soakOf(
      looks((closed) => 5000 * closed),
      limits,
    ),
  )
  expect(objectives.map(({ text, pass, unit }) => [text, pass, unit])).toEqual([
    ['memory left by a closed session < 1 kB', false, 'bytes'],
    ['open files left by a closed session < 0.01', true, 'count'],
  ])
  expect(soakObjectives(soakOf([], limits))[0]).toMatchObject({ pass: 'undecided' })
})

test('a server that leaks nothing is not called a leak: 200 soaks', () => {
  const verdicts = Array.from(
    { length: 200 },
    (_, seed) =>
      soakOf(
        looks(() => 0, 0, seed + 2),
        limits,
      ).verdict,
  )
  // Two intervals must both lie wholly above the limit: less than once in 1,000.
  expect(verdicts.filter((verdict) => verdict === 'leak')).toEqual([])
})
