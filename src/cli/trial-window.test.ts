import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { trialWindow } from './trial-window.ts'

const research = read(`
users: { think: exponential(mean 2m) }
scenarios: [{ name: research, depth: 10, tools: [search] }]
model: { ttft: 2s, output: 1000, perToken: 20ms }
tools: { search: { latency: 3s } }
objectives: [turn p95 < 10m]
`)

const asked = { probes: 8 }

test('where turns last minutes, a measured trial leaves out two of them and counts five', () => {
  // Ten calls of 22 s, and nine searches between them.
  expect(trialWindow(research, { users: 5 }, asked)).toEqual({
    window: { warmupMs: 500_000, measuredMs: 1_240_000 },
    notes: [
      'a turn takes 4 min 7 s (solved), so each of at most 8 measured trials leaves out 8 min 20 s and counts 20 min 40 s, before --speed; --warm-up and --measured say otherwise',
    ],
  })
})

test('what was given is taken, and only what was chosen beside it is told', () => {
  expect(trialWindow(research, { users: 5 }, { ...asked, measured: 600_000 })).toEqual({
    window: { warmupMs: 500_000, measuredMs: 600_000 },
    notes: [
      'a turn takes 4 min 7 s (solved), so each of at most 8 measured trials leaves out 8 min 20 s, before --speed; --warm-up says otherwise',
    ],
  })
  expect(trialWindow(research, { users: 5 }, { ...asked, warmUp: 0, measured: 600_000 })).toEqual({
    window: { warmupMs: 0, measuredMs: 600_000 },
    notes: [],
  })
})

test('the usual trial holds many short turns, and nothing is said of it', () => {
  const chat = read('users: { think: 30s }\nmodel: { ttft: 1s }\nobjectives: [turn p95 < 10s]')
  const usual = { warmupMs: 120_000, measuredMs: 300_000 }
  expect(trialWindow(chat, { users: 5 }, asked)).toEqual({ window: usual, notes: [] })
  const warmUp = 600_000
  expect(trialWindow(chat, { users: 5 }, { ...asked, warmUp })).toEqual({
    window: { ...usual, warmupMs: warmUp },
    notes: [],
  })
})

test('calls by telephone are what goes on there', () => {
  const phone = read(`
phone: { calls: 2/min, duration: exponential(mean 4m), blocked: 1%, turns: 6/min, carrier: { concurrent: 10 } }
agent: { workers: 1, concurrency: 10 }
model: { ttft: 1s }
`)
  expect(trialWindow(phone, { sessionsPerSecond: 0.03 }, asked)).toEqual({
    window: { warmupMs: 480_000, measuredMs: 1_200_000 },
    notes: [
      'a call takes 4 min (as the file has it), so each of at most 8 measured trials leaves out 8 min and counts 20 min; --warm-up and --measured say otherwise',
    ],
  })
})
