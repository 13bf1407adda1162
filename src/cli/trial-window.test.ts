import { expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { trialWindow, trialWindowNote } from './trial-window.ts'

const research = read(`
users: { think: exponential(mean 2m) }
scenarios: [{ name: research, depth: 10, tools: [search] }]
model: { ttft: 2s, output: 1000, perToken: 20ms }
tools: { search: { latency: 3s } }
objectives: [turn p95 < 10m]
`)

test('where turns last minutes, a measured trial leaves out two of them and counts five', () => {
  // Ten calls of 22 s, and nine searches between them.
  expect(trialWindow(research, { users: 5 })).toEqual({ warmupMs: 500_000, measuredMs: 1_240_000 })
  expect(trialWindowNote(research, { users: 5 })).toEqual([
    'a turn takes 4 min 7 s (solved), so each measured trial leaves out 500s and counts 1240s; --warm-up and --measured say otherwise',
  ])
})

test('the usual trial holds many short turns, and nothing is said of it', () => {
  const chat = read('users: { think: 30s }\nmodel: { ttft: 1s }\nobjectives: [turn p95 < 10s]')
  expect(trialWindow(chat, { users: 5 })).toEqual({ warmupMs: 120_000, measuredMs: 300_000 })
  expect(trialWindowNote(chat, { users: 5 })).toEqual([])
})

test('calls by telephone are what goes on there', () => {
  const phone = read(`
phone: { calls: 2/min, duration: exponential(mean 4m), blocked: 1%, turns: 6/min, carrier: { concurrent: 10 } }
agent: { workers: 1, concurrency: 10 }
model: { ttft: 1s }
`)
  expect(trialWindow(phone, { sessionsPerSecond: 0.03 })).toEqual({
    warmupMs: 480_000,
    measuredMs: 1_200_000,
  })
  expect(trialWindowNote(phone, { sessionsPerSecond: 0.03 })[0]).toMatch(
    /^a call takes 4 min \(as the file has it\), so each measured trial leaves out 8m and counts 20m;/,
  )
})
