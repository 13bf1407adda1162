import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { erlangA, erlangAAnswered, erlangAServers } from './erlang-a.ts'
import { erlangC } from './erlang-c.ts'

test('with endless patience the share in time is Erlang C’s', () => {
  for (const within of [0, 0.1, 0.5, 2])
    expect(erlangAAnswered(10, 8, 1, 1e9, within)).toBeCloseTo(1 - erlangC(10, 8, 1).beyond(within), 6)
})

// 400,000 arrivals of an independent simulation each: 0.4835 and 0.3551, its error 0.0008.
test.each([
  [10, 12, 1, 0.5, 0.1, 0.4843],
  [3, 4, 1, 2, 0.5, 0.3559],
])(
  '%d servers, %d arrivals, patience %d·%d, within %d',
  (servers, arrival, service, patience, within, share) => {
    expect(erlangAAnswered(servers, arrival, service, patience, within)).toBeCloseTo(share, 4)
  },
)

test('at once is who finds a server free, in the end all who do not give up', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0.1, max: 2, noNaN: true }),
      fc.double({ min: 0.05, max: 20, noNaN: true }),
      (servers, load, patience) => {
        const arrival = servers * load
        const { waits, abandoned } = erlangA(servers, arrival, 1, patience)
        expect(erlangAAnswered(servers, arrival, 1, patience, 0)).toBeCloseTo(1 - waits, 9)
        expect(erlangAAnswered(servers, arrival, 1, patience, 1e6)).toBeCloseTo(1 - abandoned, 9)
      },
    ),
    { seed: 3, numRuns: 60 },
  )
})

test('the fewest servers: one fewer misses the target', () => {
  const servers = erlangAServers(2, 4, 2, 0.8, 1 / 3)
  expect(erlangAAnswered(servers, 2, 4, 2, 1 / 3)).toBeGreaterThanOrEqual(0.8)
  expect(erlangAAnswered(servers - 1, 2, 4, 2, 1 / 3)).toBeLessThan(0.8)
})
