import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { planCapacity } from '../plan/plan.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import type { Workload } from '../workload/workload.ts'
import { briefOf, briefText } from './plan-brief.ts'
import { priceOf } from './prices.ts'

function workloadOf(source: string): Workload {
  const { workload, problems } = parseWorkload(source, { price: priceOf })
  if (!workload) throw new Error(JSON.stringify(problems))
  return workload
}

const support = workloadOf(readFileSync('examples/customer-support.yaml', 'utf8'))

const repairman = (parts: { objectives?: string; peak?: string; scenarios?: string } = {}): Workload =>
  workloadOf(`
name: repairman
users: { think: exponential(mean 30s), turns: 1${parts.peak ?? ''} }
scenarios: ${parts.scenarios ?? '[{ name: faq, depth: 1 }]'}
agent: { workers: 5, concurrency: 1 }
model: { ttft: exponential(mean 3s), perToken: 0ms, output: 1 }
objectives: ${parts.objectives ?? '[turn p95 < 12s]'}
`)

const textOf = (workload: Workload, label: string, people?: number): string | undefined =>
  briefOf(workload, planCapacity(workload), people).lines.find((line) => line.label === label)?.text

describe('customer support', () => {
  const capacity = planCapacity(support)
  const brief = briefOf(support, capacity)

  test('figures', () => {
    expect(brief).toMatchObject({ users: 146, runAt: 109, origin: 'solved' })
    // 1.46 calls of $0.40 a million input tokens, $0.10 those cached, $1.60 output: as `plan` has it.
    expect(brief.cost!.perTurnUsd).toBeCloseTo(0.00076629, 8)
  })

  test('the words', () => {
    expect(brief.lines.map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'what it carries: One server carries 109 people at once with room to spare, and 146 at the very most: with more, more than 1 in 100 messages get no answer. If 3 % of your customers are there at once, that serves 3,633 customers.',
      'what it costs: About $2,570 a month with 109 people at once at the busiest time (55 on average): $2,220 for the model and $350 for the server. A thousand answers cost $0.77.',
      "what stops it: The allowance of the model's provider, 450k tokens a minute.",
      'what to buy next: Buy as much allowance again, from a second provider or region. Then one server carries 291 people at the very most, not 146. Without buying: ask the model one time fewer for each message (214 people at the very most, not 146).',
      expect.stringMatching(
        /^for 10,000 people: At once, 20,000 at the busiest time: 25 servers \(one of them spare\) and 186 times the allowance of the model's provider\. About \$416,000 a month\.$/,
      ),
      expect.stringMatching(
        /^how sure: Calculated, with approximations, .* Of its 36 numbers 10 are guesses\./,
      ),
    ])
  })

  test('a page without jargon', () => {
    const page = briefText(brief, 80)
    expect(page.split('\n').length).toBeLessThanOrEqual(40)
    expect(Math.max(...page.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80)
    expect(page).not.toMatch(/\bp9\d|429|ttft|quota|turns?\b|tokens\/min|concurren|latenc|utilis/i)
  })

  test('how many people may be said', () => {
    expect(briefOf(support, capacity, 300).lines.at(-2)!.text).toMatch(
      /^At once, 600 at the busiest time: 2 servers \(one of them spare\)/,
    )
  })
})

describe('what is not known is not said', () => {
  test('no price', () => {
    expect(textOf(repairman(), 'what it costs')).toBe('Not known: the file has no price for the model.')
    expect(briefOf(repairman(), planCapacity(repairman()))).not.toHaveProperty('cost')
  })

  test('no objective: no number and no money', () => {
    const workload = repairman({ objectives: '[]' })
    const { lines } = briefOf(workload, planCapacity(workload))
    expect(lines).toEqual([{ label: 'what it carries', text: expect.stringMatching(/^Nobody can say/) }])
  })

  test('not even one', () => {
    const workload = repairman({ objectives: '[turn mean < 1s]' })
    const { lines, users } = briefOf(workload, planCapacity(workload))
    expect(users).toBe(0)
    expect(lines.map(({ label }) => label)).toEqual(['what it carries', 'what stops it', 'how sure'])
    expect(lines[0]!.text).toBe('Nobody: even with one person, an answer takes longer than 1 s on average.')
  })
})

test.each([
  ['[turn p99 < 20s]', 'more than 1 in 100 answers take longer than 20 s'],
  ['[ttft p95 < 9s]', 'more than 5 in 100 answers begin later than after 9 s'],
  [
    '["[faq] turn mean < 5s"]',
    'an answer takes longer than 5 s on average in conversations of the kind "faq"',
  ],
])('an objective in words: %s', (objectives, words) => {
  expect(textOf(repairman({ objectives }), 'what it carries')).toContain(`with more, ${words}.`)
})

test('a name cannot steer the terminal', () => {
  const workload = { ...repairman(), name: 'a\u001b[31mb' }
  expect(briefText(briefOf(workload, planCapacity(workload)), 80)).toContain('  ab, in plain words')
})

test('numbers that are known only roughly make the answer a range', () => {
  const price = { overrides: [{ path: 'users.think', value: '40s..50s' }], price: priceOf }
  const { workload } = parseWorkload(readFileSync('examples/customer-support.yaml', 'utf8'), price)
  const capacity = planCapacity(workload!)
  const { low, high } = capacity.uncertainty!.level
  expect(textOf(workload!, 'how sure')).toContain(
    ` One number is known only roughly: within what the file allows one server carries ${Math.floor(low)} to ${Math.ceil(high)} people at the very most, and ${capacity.runAt} people at once cost $`,
  )
  expect(textOf(support, 'how sure')).not.toContain('roughly')
})

test('work that waits is told as such: whether it is done in time, and what it takes where it is not', () => {
  const mail = (items: string): Workload =>
    parseWorkload(readFileSync('examples/mail-backlog.yaml', 'utf8'), {
      overrides: [{ path: 'backlog.items', value: items }],
      price: priceOf,
    }).workload!
  const inTime = briefOf(mail('12k'), planCapacity(mail('12k')))
  expect(inTime.lines.map(({ label }) => label)).not.toContain('for 10,000 people')
  expect(inTime.lines[0]).toEqual({
    label: 'the work that waits',
    text: '12,000 pieces of work, to be done within 8 h. With one server and the allowance that there is, all are done after 3 h 43 min. The model costs $71.20 for all of it.',
  })
  expect(textOf(mail('12k'), 'what to buy next')).toBe('Nothing: all the work gets done in time.')
  expect(textOf(mail('100k'), 'the work that waits')).toMatch(
    / too late\. In time with 4 servers and 3 times the allowance\. The model costs \$593 for all of it\.$/,
  )
  expect(textOf(mail('100k'), 'what to buy next')).toMatch(/^Buy /)
})

test('several servers of a file are told together, with the price of all', () => {
  const { workload } = parseWorkload(readFileSync('examples/customer-support.yaml', 'utf8'), {
    overrides: [{ path: 'agent.servers', value: '3' }],
    price: priceOf,
  })
  expect(textOf(workload!, 'what it carries')).toMatch(/^3 servers carry 109 people/)
  expect(textOf(workload!, 'what it costs')).toContain('for the model and $1,050 for the servers.')
})
