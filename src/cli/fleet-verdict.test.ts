import { expect, test } from 'vitest'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { fleetVerdict } from './fleet-verdict.ts'

// One call of 200 + 20 tokens a turn, one turn a minute for each user; no limit but the model's quota.
function workloadOf(peak: string, objective = 'turn p95 < 10s', quota = ''): Workload {
  const { workload, problems } = parseWorkload(`
name: fleet
users: { think: 59s, turns: 1, peak: ${peak} }
scenarios: [{ name: only, depth: 1 }]
agent: { workers: 1000, concurrency: 1000, server: { perMonth: $100 } }
model:
  id: gpt-5.2
  ttft: 1s
  perToken: 0ms
  input: { system: 100, message: 100, toolResult: 0, history: none }
  output: 20
  price: { input: $1.75, cached: $0.175, output: $14 }
  ${quota}
objectives: [${objective}]
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

test('the list, then what units cost and from where they pay', () => {
  const { lines } = fleetVerdict(workloadOf('{}'), { users: 1000 }, 1)
  expect(lines).toEqual([
    { label: '', text: '1,000 users at once: 2 servers, used to 100 % of what they carry at most.' },
    { label: 'servers', text: '1 for the peak and 1 spare; one met no limit of its own' },
    { label: 'workers', text: '2,000, 1,000 on each server' },
    { label: 'connections', text: '17 model calls in flight at the peak, on average' },
    { label: 'money', text: '$27,800 a month (tokens $27,600, servers $200)' },
    { label: 'price', text: '$0.00063 a turn, $0.038 a user-hour, tokens at list price' },
    {
      label: 'PTU or not',
      text: 'gpt-5.2 a month: $27,600 pay-as-you-go; 110 PTU (global) are $80,300 by the hour, $28,600 by the month, $24,300 for a year. PTU for a year begin to pay at 121 users, and at every load from 241. Prices: Azure retail prices, Provisioned throughput, East US 2, September 2026, as quoted by third parties.',
    },
  ])
})

test('a file with PTU: as many as the worked example says, and no load at which a peak of twice lets them pay', () => {
  const quota = 'quota: { like: azure-ptu, ptu: 15 }'
  const { lines } = fleetVerdict(workloadOf('{ peakToAverage: 2 }', 'errors < 1%', quota), { users: 1000 }, 1)
  const text = (label: string): string | undefined => lines.find((line) => line.label === label)?.text
  expect(text('model quota')).toBe(
    '215 PTU (211.8 before rounding, 720k weighted tokens/min), $55,900 by the month; the 15 PTU of the file carry 70 users',
  )
  expect(text('money')).toBe(
    '$56,100 a month (model units $55,900, servers $200); pay-as-you-go the tokens would be $27,400',
  )
  expect(text('PTU or not')).toBe(
    'gpt-5.2 a month: $27,600 pay-as-you-go; 215 PTU (global) are $157,000 by the hour, $55,900 by the month, $47,500 for a year. No load makes PTU pay: for a year they must be used to 85 % on average, more than the peak and the headroom leave. Prices: Azure retail prices, Provisioned throughput, East US 2, September 2026, as quoted by third parties.',
  )
})

test('one user misses the objective: servers do not help', () => {
  expect(fleetVerdict(workloadOf('{}', 'turn p95 < 10ms'), { users: 1000 }, 0.75).lines).toEqual([
    { label: '', text: 'No number of servers is enough: even one user misses "turn p95 < 10ms".' },
  ])
})

test('open load counts no users', () => {
  expect(fleetVerdict(workloadOf('{}'), { sessionsPerSecond: 1 }, 0.75)).toEqual({ lines: [] })
})
