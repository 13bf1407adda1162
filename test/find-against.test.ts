import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inProcess } from './in-process.ts'
import { plimsoll } from './plimsoll.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-against-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = join(folder, 'two.yaml')
writeFileSync(
  file,
  `
users: { think: 10s, turns: 3 }
agent: { workers: 1, concurrency: 2 }
model: { ttft: exponential(mean 800ms), perToken: 10ms, output: 20 }
objectives: [turn p95 < 6s]
`,
)

test('find --against says what a variant carries more or fewer, and the gate ends it with 99', async () => {
  const gates = join(folder, 'gates.xml')
  const args = [
    '--set',
    'agent.concurrency=3',
    '--against',
    'agent.concurrency=2',
    '--fail-on-regression',
    '5%',
  ]
  const { code, stdout, stderr } = await plimsoll([
    'find',
    file,
    ...args,
    '--out',
    join(folder, 'runs'),
    '--report',
    `junit=${gates}`,
    '--json',
  ])
  expect(stderr).not.toMatch(/error/i)
  expect(code).toBe(99)
  const { against, capacity, verdict } = JSON.parse(stdout) as {
    against: {
      difference: number
      high: number
      verdict: string
      gate: object
      capacity: { level: { users: number } }
    }
    capacity: { level: { users: number } }
    verdict: { text: string }[]
  }
  expect(against).toMatchObject({
    verdict: 'worse',
    change: 'agent.concurrency=2',
    gate: { regressed: true },
  })
  expect(against.difference).toBe(against.capacity.level.users - capacity.level.users)
  expect(against.high).toBeLessThan(0)
  expect(verdict[0]!.text).toMatch(/^B is worse: it carries \d+ users fewer than A/)
  expect(readFileSync(gates, 'utf8')).toMatch(/B carries no fewer than A by more than 5(\.0)? %"><failure/)
})

const failing = join(folder, 'failing.yaml')
writeFileSync(
  failing,
  `
users: { think: exponential(mean 160s) }
agent: { workers: 1, concurrency: 1, servers: 12, failures: { every: exponential(mean 3h), down: 10m } }
model: { ttft: exponential(mean 40s) }
objectives: [turn p95 < 160s]
`,
)

test('what rare failures and faults of the file do is in no trial of two variants, and notes say so', async () => {
  const against = ['--against', 'agent.servers=16', '--json', '--out', join(folder, 'runs')]
  const { stdout, stderr } = await inProcess([
    'find',
    failing,
    '--set',
    'faults=[{ fault: 500, share: 50% }]',
    ...against,
  ])
  expect(stderr).toContain('faults of the file are played by the provider')
  const found = JSON.parse(stdout) as {
    notes: string[]
    against: { capacity: { probes: { summary: { errors: { rate: number } } }[] } }
  }
  expect(found.against.capacity.probes.map(({ summary }) => summary.errors.rate)).toEqual(Array(16).fill(0))
  expect(found.notes.filter((note) => /fail/i.test(note))).toEqual([
    expect.stringMatching(
      /^A: simulated trials count 2 h each, too little for servers that fail every 15 min/,
    ),
    'Failures are left out of both, so that both are tried alike.',
  ])
})
