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
    stationThroughput: [9.92, 3.968, 1.984, 0.992],
    queue: [0.244, 2.261, 2.261, 1.234],
    utilisation: [0.198, 0.794, 0.794, 0.595],
    visits: [1, 0.4, 0.2, 0.1],
    perVisit: [0.025, 0.57, 1.14, 1.244],
    digits: 2.7,
  },
  {
    source: 'Jain 1991, p. 577: a time-sharing system',
    population: 20,
    think: 4,
    demands: [16 * 0.125, 10 * 0.3, 5 * 0.2],
    queue: [1.991, 16.177, 0.5],
    visits: [16, 10, 5],
    perVisit: [0.373, 4.854, 0.3],
    digits: 2.7,
  },
  {
    source: 'five separate stations; Octave queueing 1.2.7',
    population: 50,
    think: 30,
    demands: [0.6, 0.6, 0.6, 0.6, 0.6],
    throughput: 1.237957336,
    response: 10.38911402,
    utilisation: [0.7427744017, 0.7427744017, 0.7427744017, 0.7427744017, 0.7427744017],
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

interface ScalabilityCase {
  readonly source: string
  readonly points: readonly (readonly [population: number, throughput: number])[]
  readonly lambda: number
  readonly sigma: number
  readonly kappa: number
  /** Relative. */
  readonly within: number
}

/** Measured throughputs and the universal scalability law fitted to them. */
export const scalabilityCases: readonly ScalabilityCase[] = [
  {
    source: 'Cisco benchmark, Schwartz, Practical Scalability Analysis; usl4j',
    points: [
      955.16, 1878.91, 2688.01, 3548.68, 4315.54, 5130.43, 5931.37, 6531.08, 7219.8, 7867.61, 8278.71, 8646.7,
      9047.84, 9426.55, 9645.37, 9897.24, 10097.6, 10240.5, 10532.39, 10798.52, 11151.43, 11518.63, 11806,
      12089.37, 12075.41, 12177.29, 12211.41, 12158.93, 12155.27, 12118.04, 12140.4, 12074.39,
    ].map((throughput, i) => [i + 1, throughput] as const),
    lambda: 995.6486,
    sigma: 0.02671591,
    kappa: 0.0007690945,
    within: 2e-4,
  },
  {
    source: 'ray tracer, first six points; R usl',
    points: [
      [1, 20],
      [4, 78],
      [8, 130],
      [12, 170],
      [16, 190],
      [20, 200],
    ],
    lambda: 20.85605,
    sigma: 0.02444,
    kappa: 0.00163,
    within: 5e-3,
  },
]

/** Gunther's ray tracer, all points: without the constraint κ comes out as −0.00020112128. */
export const rayTracer = [
  [1, 20],
  [4, 78],
  [8, 130],
  [12, 170],
  [16, 190],
  [20, 200],
  [24, 210],
  [28, 230],
  [32, 260],
  [48, 280],
  [64, 310],
] as const

/** SPEC SDM91 on a 16-way SPARCcenter 2000, Gunther (2007): throughput peaks at 96.51956. */
export const specSdm91 = [
  [1, 64.9],
  [18, 995.9],
  [36, 1652.4],
  [72, 1853.2],
  [108, 1828.9],
  [144, 1775],
  [216, 1702.2],
] as const

function fourTimes(value: number): number[] {
  return [value, value, value, value]
}
