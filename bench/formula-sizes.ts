/** Every formula whose work grows with the users, asked about 100,000 of them who think 30 s and are served in 3 s. */
import * as formulas from '../src/plan/formulas/index.ts'

const population = 100_000
const think = 30
const service = 3
/** 100,000 users at 33 s a turn keep 9,091 busy. */
const servers = 9200
const arrival = 3000
const pool = formulas.multiServerRate(servers, service)
const fast = { rate: () => 5000 }
const demands = [0.0003, 0.0002, 0.0001]
const twoClasses = [
  { population: 90_000, think, demands },
  { population: 10_000, think: 60, demands: [0.0002, 0.0004, 0.0001] },
]
const engine = { step: 0.02, decode: 1e-6, prefill: 0, slots: servers }

export const formulaSizes: readonly (readonly [name: string, solve: () => unknown])[] = [
  ['asymptotic bounds', () => formulas.asymptoticBounds(population, think, demands)],
  ['balanced job bounds', () => formulas.balancedJobBounds(population, think, demands)],
  ['geometric bounds', () => formulas.geometricBounds(population, think, demands)],
  ['mean value analysis', () => formulas.meanValueAnalysis(population, think, demands)],
  ['Bard–Schweitzer', () => formulas.bardSchweitzer(population, think, demands)],
  ['Bard–Schweitzer, two classes', () => formulas.multiClassBardSchweitzer(twoClasses)],
  ['Linearizer, two classes', () => formulas.linearizer(twoClasses)],
  ['mixed network', () => formulas.mixedNetwork([{ arrival: 500, demands }], twoClasses.slice(0, 1))],
  ['load-dependent station, closed', () => formulas.loadDependentClosed({ population, think, rate: pool })],
  [
    'response percentile, closed',
    () => formulas.closedResponsePercentile({ population, think, servers, service }, 0.95),
  ],
  [
    'convolution, each population up to it',
    () => formulas.convolution(population, think, [{ rate: pool }, fast]),
  ],
  [
    'LLM station, closed',
    () => formulas.llmClosed(engine, { inputTokens: 0, outputTokens: 100 }, population, think),
  ],
  [
    'LLM station, open',
    () => formulas.llmOpen(engine, { inputTokens: 0, outputTokens: 100 }, arrival, population),
  ],
  ['load-dependent station, open', () => formulas.loadDependentOpen({ arrival, rate: pool })],
  ['Erlang B', () => formulas.erlangB(servers, arrival * service)],
  ['Erlang B, lines for 0.1 %', () => formulas.erlangBServers(arrival * service, 0.001)],
  ['Erlang C', () => formulas.erlangC(servers, arrival, service)],
  ['Erlang C, servers for 80 % in 20 s', () => formulas.erlangCServers(arrival, service, 0.8, 20)],
  ['Erlang A', () => formulas.erlangA(servers, arrival, service, 60)],
  ['M/M/c/K', () => formulas.mmck(arrival, 1 / service, servers, population)],
  ['Engset', () => formulas.engset(servers, population, 1 / think, service)],
  [
    'retrial queue, load .98',
    () => formulas.retrialQueue({ servers, arrival: (0.98 * servers) / service, service, retryWait: 5 }),
  ],
  [
    'retrial queue, load .999',
    () => formulas.retrialQueue({ servers, arrival: (0.999 * servers) / service, service, retryWait: 5 }),
  ],
]
