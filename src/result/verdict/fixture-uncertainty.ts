import type { Uncertainty } from '../uncertainty.ts'

/** Two ranges about 147 users, for tests. */
export const uncertainty: Uncertainty = {
  method: 'Latin hypercube, seed 1',
  draws: 128,
  impossible: 0,
  unbounded: 0,
  covers: '9 of 10 draws',
  level: { low: 120.6, high: 159.2, least: 101, most: 190 },
  perMonthUsd: { low: 1983.2, high: 3476.4, least: 1700, most: 3900 },
  inputs: [
    {
      path: 'users.think',
      origin: 'given',
      text: 'lognormal(mean 30s..60s cv 0.8)',
      low: '30s',
      high: '60s',
      levelAtLow: 104,
      levelAtHigh: 188,
    },
    {
      path: 'scenarios.faq.depth',
      origin: 'guessed',
      text: '2..3',
      low: '2',
      high: '3',
      levelAtLow: 160,
      levelAtHigh: 140,
    },
  ],
}
