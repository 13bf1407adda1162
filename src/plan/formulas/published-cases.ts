import type { ClosedClass } from './multi-class-mva.ts'

// Values printed in the literature or reproduced by two independent implementations; tests hold each formula to them.

/** Closed networks of single-server stations, demands D = visits × service. */
export const meanValueCases = [
  {
    source: 'Lazowska et al. 1984, p. 117, exact; Octave queueing 1.2.7',
    population: 3,
    think: 15,
    demands: [0.605, 2.1, 1.35],
    throughput: 0.1515164923,
    response: 4.799824782,
    queue: [0.09756601941, 0.3946565547, 0.2350300407],
    digits: 9,
  },
  {
    source: 'Bolch et al., ex. 8.3, p. 331',
    population: 6,
    think: 0,
    demands: [0.02, 0.08, 0.08, 0.06],
    throughput: 9.92,
    queue: [0.244, 2.261, 2.261, 1.234],
    digits: 2.7,
  },
  {
    source: 'Jain 1991, p. 577: a time-sharing system',
    population: 20,
    think: 4,
    demands: [16 * 0.125, 10 * 0.3, 5 * 0.2],
    queue: [1.991, 16.177, 0.5],
    digits: 2.7,
  },
  {
    source: 'five separate stations; Octave queueing 1.2.7',
    population: 50,
    think: 30,
    demands: [0.6, 0.6, 0.6, 0.6, 0.6],
    throughput: 1.237957336,
    response: 10.38911402,
    digits: 8,
  },
] as const

/** Casale, Muntz, Serazzi, geometric bounds, tables IV and V: exact throughput of D = .1/.1/.09/.08. */
export const geometricTableCases = [
  [2, 4.317386231, 4.304, 4.3174],
  [5, 6.714771532, 6.6859, 6.7524],
  [10, 8.206170742, 8.1521, 8.269],
  [20, 9.168204394, 9.0947, 9.2431],
  [80, 9.853000109, 9.8233, 9.8765],
] as const

/** Casale, Muntz, Serazzi, tables IV (Z = 0) and V (Z = 1): think, population, bounds of the throughput, same D. */
export const geometricBoundsCases = [
  [0, 2, 4.304, 4.3174],
  [0, 5, 6.6859, 6.7524],
  [0, 10, 8.1521, 8.269],
  [0, 20, 9.0947, 9.2431],
  [0, 80, 9.8233, 9.8765],
  [1, 2, 1.4319, 1.5195],
  [1, 5, 3.3432, 3.5582],
  [1, 10, 5.7569, 6.141],
  [1, 20, 8.0856, 8.6467],
  [1, 80, 9.7147, 9.8594],
] as const

interface MultiClassCase {
  readonly source: string
  readonly classes: readonly ClosedClass[]
  readonly throughput?: readonly number[]
  readonly response?: readonly number[]
  readonly queue?: readonly (readonly number[])[]
  readonly residence?: readonly (readonly number[])[]
  readonly within: number
}

/** Closed networks of several classes over single-server stations, solved exactly. */
export const multiClassCases: readonly MultiClassCase[] = [
  {
    source: 'Lazowska et al. 1984, p. 142',
    classes: [
      { population: 1, think: 0, demands: [1, 3] },
      { population: 1, think: 0, demands: [2, 4] },
    ],
    throughput: [3 / 19, 2 / 19],
    queue: [
      [4 / 19, 15 / 19],
      [5 / 19, 14 / 19],
    ],
    residence: [
      [4 / 3, 5],
      [5 / 2, 7],
    ],
    within: 1e-9,
  },
  {
    source: 'Schwetman, CSD-TR-355 (1982), table 5',
    classes: [
      { population: 15, think: 1, demands: [0.025] },
      { population: 5, think: 15, demands: [0.5] },
    ],
    throughput: [14.323, 0.314],
    response: [0.047, 0.934],
    queue: [[0.677], [0.293]],
    within: 1e-3,
  },
  {
    source: 'Schwetman, CSD-TR-355 (1982), table 3',
    classes: [
      { population: 2, think: 1, demands: [0.025] },
      { population: 1, think: 15, demands: [0.5] },
    ],
    throughput: [1.949, 0.064],
    response: [0.027, 0.525],
    within: 1e-3,
  },
  {
    source: 'CSD-TR 330, figure 6, as JMVA solves it',
    classes: [
      { population: 40, think: 5, demands: [1 / 90, ...fourTimes((1 / 3.6) * 0.035)] },
      { population: 4, think: 10, demands: [2, ...fourTimes(5 * 0.035)] },
    ],
    throughput: [7.891588, 0.27727],
    queue: [
      [0.192262, ...fourTimes(0.087449)],
      [1.008198, ...fourTimes(0.054775)],
    ],
    within: 1e-5,
  },
  {
    source: 'CSD-TR 330, figure 7, as JMT solves it',
    classes: [
      { population: 3, think: 0, demands: [0.01, 0.45 * 0.09, 0.5 * 0.1, 0] },
      { population: 2, think: 0, demands: [0.05, 0, 0.5 * 0.1, 0.49 * 0.08] },
    ],
    throughput: [12.1517, 6.8669],
    queue: [
      [0.2131, 0.7539, 2.0328, 0],
      [0.5011, 0, 1.1839, 0.3149],
    ],
    residence: [
      [0.0175, 0.062, 0.1672, 0],
      [0.0729, 0, 0.1724, 0.0458],
    ],
    within: 1e-4,
  },
]

function fourTimes(value: number): number[] {
  return [value, value, value, value]
}
