import { expect, test } from 'vitest'
import type { Capacity } from '../../result/capacity.ts'
import { parseWorkload } from '../../workload/parse-workload.ts'
import type { Workload } from '../../workload/workload.ts'
import { unitChoices } from './unit-choice.ts'

// A turn is one call of 200 + 20 tokens in one second, and comes back after 59 s: one call a minute for each user.
function workloadOf(
  id: string,
  peak = '{}',
  price = '{ input: $1.75, cached: $0.175, output: $14 }',
  quota = '',
): Workload {
  const { workload, problems } = parseWorkload(`
name: choice
users: { think: 59s, turns: 1, peak: ${peak} }
scenarios: [{ name: only, depth: 1 }]
agent: { workers: 100, concurrency: 100 }
model:
  id: ${id}
  ttft: 1s
  perToken: 0ms
  cached: 0%
  input: { system: 100, message: 100, toolResult: 0, history: none }
  output: 20
  ${price === '' ? '' : `price: ${price}`}
  ${quota}
objectives: [turn p95 < 10s]
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

const capacity: Capacity = { origin: 'solved', level: { users: 1000 }, runAt: 1000, probes: [] }

test("Microsoft's worked example: 1,000 calls a minute of gpt-5.2 are 110 PTU, or $27,594 of tokens", () => {
  const [choice, ...others] = unitChoices(workloadOf('gpt-5.2'), capacity, 1000)
  expect(others).toEqual([])
  expect(choice).toMatchObject({ model: 'gpt-5.2', kind: 'PTU', sold: 110 })
  // 1,000 × 43,800 minutes × $0.00063
  expect(choice!.payAsYouGoUsd).toBeCloseTo(27_594, 3)
  const rounded = choice!.terms.map((term) => [
    term.term,
    term.perMonthUsd,
    Number(term.utilisation.toFixed(3)),
    term.paysFromUsers && Number(term.paysFromUsers.toFixed(1)),
    term.alwaysPaysFromUsers && Number(term.alwaysPaysFromUsers.toFixed(1)),
  ])
  expect(rounded).toEqual([
    ['hourly', 80_300, 2.801, undefined, undefined],
    ['monthly', 28_600, 0.998, 141.3, 20116.7],
    ['yearly', 24_310, 0.848, 120.1, 240.3],
  ])
})

test('what the present quota refuses is asked for all the same: 60 PTU now, 110 needed', () => {
  const workload = workloadOf('gpt-5.2')
  const limited = workloadOf('gpt-5.2', '{}', undefined, 'quota: { like: azure-ptu, ptu: 60 }')
  expect(unitChoices(limited, capacity, 1000)).toEqual(unitChoices(workload, capacity, 1000))
})

test('units are bought for the peak with headroom, tokens are paid by the average', () => {
  const workload = workloadOf('gpt-5.2', '{ peakToAverage: 2 }')
  const [choice] = unitChoices(workload, { ...capacity, level: { users: 1250 } }, 1000)
  // 105.88 × 2 ÷ 80 % = 264.7
  expect(choice).toMatchObject({ sold: 265 })
  expect(choice!.payAsYouGoUsd).toBeCloseTo(27_594, 3)
  expect(choice!.terms.map((term) => term.paysFromUsers)).toEqual([undefined, undefined, undefined])
})

test('GSU of gemini-2.5-flash: 380,000 ÷ 161,400 weighted tokens a minute', () => {
  const workload = workloadOf('gemini-2.5-flash', '{}', '{ input: $0.3, cached: $0.03, output: $2.5 }')
  const [choice] = unitChoices(workload, capacity, 1000)
  expect(choice).toMatchObject({ kind: 'GSU', sold: 3 })
  // 1,000 × 43,800 × $0.00011
  expect(choice!.payAsYouGoUsd).toBeCloseTo(4818, 3)
  expect(choice!.terms.map(({ term, perMonthUsd }) => [term, Math.round(perMonthUsd)])).toEqual([
    ['weekly', 15_637],
    ['monthly', 8100],
    ['quarterly', 7200],
    ['yearly', 6000],
  ])
})

test.each([
  ['a model that is not sold in units', workloadOf('my-own-model'), capacity],
  ['a model without a price', workloadOf('gpt-5.2', '{}', ''), capacity],
  ['open load', workloadOf('gpt-5.2'), { ...capacity, level: { sessionsPerSecond: 1 } }],
  ['a server that carries nobody', workloadOf('gpt-5.2'), { ...capacity, level: { users: 0 }, runAt: 0 }],
])('%s has no choice', (_, workload, of) => {
  expect(unitChoices(workload, of, 1000)).toEqual([])
})

test('a price of units that the file writes stands instead of the list, and leaves the tokens at theirs', () => {
  const negotiated = '{ input: $1.75, cached: $0.175, output: $14, unit: $200 }'
  const [choice] = unitChoices(workloadOf('gpt-5.2', '{}', negotiated), capacity, 1000)
  expect(choice).toMatchObject({ sold: 110, priceSource: 'the workload file' })
  expect(choice!.terms).toHaveLength(1)
  expect(choice!.terms[0]).toMatchObject({ term: 'monthly', perMonthUsd: 22_000 })
  const list = { inputPerMillionUsd: 1, cachedPerMillionUsd: 1, outputPerMillionUsd: 1, source: 'list' }
  const text = 'model: { like: openai/gpt-5.2, price: { unit: $200 } }'
  expect(parseWorkload(text, { price: () => list }).workload!.models[0]).toMatchObject({
    price: list,
    unitPerMonthUsd: 200,
  })
})
