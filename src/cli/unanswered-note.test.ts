import { expect, test } from 'vitest'
import { plan } from '../plan/plan-level.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { unansweredNote } from './unanswered-note.ts'

/** One call of 1,000 tokens a turn, a turn a minute, against 100,000 tokens a minute: 100 users fill it. */
function noteAt(users: number, objectives: string): string[] {
  const { workload, problems } = parseWorkload(`
name: refused
users: { think: 59s, turns: 1 }
scenarios: [{ name: only, depth: 1 }]
agent: { workers: 100, concurrency: 100 }
model: { ttft: 1s, perToken: 0ms, input: { system: 900, message: 50, history: none }, output: 50, quota: { tpm: 100k } }
objectives: [${objectives}]
`)
  if (!workload) throw new Error(JSON.stringify(problems))
  return unansweredNote(workload, plan(workload, { users }))
}

test.each([
  [1000, 'turn p95 < 10s', 1],
  [10, 'turn p95 < 10s', 0],
  [1000, 'turn p95 < 10s, errors < 1%', 0],
])('%d users, objectives %s: %d notes', (users, objectives, notes) => {
  const told = noteAt(users, objectives)
  expect(told).toHaveLength(notes)
  if (notes > 0) expect(told[0]).toMatch(/^\d\d % of the turns go unanswered at this level/)
})
