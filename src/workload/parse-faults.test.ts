import { expect, test } from 'vitest'
import { parseFaults, writtenFault } from './parse-faults.ts'
import { parseWorkload } from './parse-workload.ts'

const targets = { models: ['main', 'backup'], tools: ['orders', 'stock'] }
const file = (faults: string): string => `
scenarios: [{ name: a, depth: 2, tools: [orders] }]
models: { main: { output: 5 }, backup: { output: 5 } }
tools: { orders: { latency: 1ms } }
faults: ${faults}
`

test('a fault hits all calls of all models, for ever, where nothing else is written', () => {
  expect(parseFaults([{ fault: 429 }], targets).faults).toEqual([
    {
      name: '429',
      on: { kind: 'model' },
      share: 1,
      fromMs: 0,
      toMs: Infinity,
      forMs: Infinity,
      tries: Infinity,
    },
  ])
})

test.each([
  [{ fault: 429, on: 'models', share: '2%' }],
  [{ fault: 'stall', on: 'backup', share: '0.5%', for: '30s', at: '50%' }],
  [
    {
      fault: 503,
      on: 'stock',
      share: '100%',
      from: '1m',
      to: '90s',
      every: '5m',
      retryAfter: '2s',
      tries: 1,
    },
  ],
  [{ fault: 'cut', on: 'tools', share: '7%', at: '25%' }],
  [{ fault: 'timeout', on: 'stt', share: '3%' }],
])('what is written reads back: %j', (written) => {
  const { faults, problems } = parseFaults([written], targets)
  expect(problems).toEqual([])
  expect(faults!.map((fault) => writtenFault(fault, targets))).toEqual([written])
})

test('the workload file holds them, and they change what it is', () => {
  const { workload, problems } = parseWorkload(file('[{ fault: cut, on: orders, share: 10% }]'))
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(workload!.faults).toMatchObject([{ name: 'cut', on: { kind: 'tool', index: 0 }, share: 0.1 }])
  const other = parseWorkload(file('[{ fault: cut, on: orders, share: 20% }]')).workload!
  expect(other.hash).not.toBe(workload!.hash)
})

test.each([
  ['[{ fault: 418 }]', 'faults[0].fault: 418 is no fault'],
  ['[{ fault: { 429: 1% } }]', 'faults[0].fault: a map is no fault'],
  ['[{}]', 'faults[0].fault: is missing'],
  ['[]', 'faults: is empty'],
  ['[{ fault: 429, share: 2 }]', 'faults[0].share: 2 has no unit'],
  ['[{ fault: 429, on: mian }]', 'faults[0].on: there is no model and no tool mian'],
  ['[{ fault: wrongLength, on: tts }]', 'faults[0].on: wrongLength is no fault of speech'],
  ['[{ fault: unknownTool, on: orders }]', 'faults[0].on: unknownTool is a fault of models'],
  ['[{ fault: 429, for: 3s }]', 'faults[0].for: 429 takes no for'],
  ['[{ fault: 500, retryAfter: 3s }]', 'faults[0].retryAfter: 500 takes no retryAfter'],
  ['[{ fault: slowFirstByte }]', 'faults[0].for: how slow the first byte is'],
  ['[{ fault: 429, from: 2m, to: 1m }]', 'faults[0].to: it ends before it begins'],
  ['[{ fault: 429, every: 1m }]', 'faults[0].to: what repeats has an end'],
  ['[{ fault: 429, from: 0, to: 2m, every: 1m }]', 'faults[0].every: it begins again before it ended'],
  ['[{ fault: 429, chance: 2% }]', 'faults[0]: unknown key chance'],
])('%s: %s', (faults, message) => {
  const { workload, problems } = parseWorkload(file(faults))
  expect(workload).toBeUndefined()
  expect(problems.map((problem) => problem.message)).toContain(message)
})
