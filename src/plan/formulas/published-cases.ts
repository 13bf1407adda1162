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
