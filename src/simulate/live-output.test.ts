import { describe, expect, test } from 'vitest'
import { read } from '../workload/fixture-read.ts'
import { simulate } from './simulate.ts'

const workload = (quota: string) =>
  read(`
users: { think: exponential(mean 10s) }
model: { id: claude-sonnet-5, input: { system: 100 }, output: 1200, maxTokens: 1200, ttft: 500ms, perToken: 10ms, quota: { ${quota} } }`)

const probe = { level: { users: 20 }, seed: 7, warmupMs: 600_000, measuredMs: 3_600_000 }

describe('output that is charged while it is made', () => {
  test('out of output tokens, answers stop midway: as many tokens come as the limit allows', () => {
    // 20 users ask for about 20 ÷ 22.5 s × 1,200 = 64k a minute, half of it is there.
    const { errors, models } = simulate(workload('like: bedrock-mantle, itpm: 10M, otpm: 32k'), probe)
    expect(errors!.byKind['cut']).toBeGreaterThan(100)
    const made = Object.values(models!)[0]!
    const perMinute = made.perSecond * 60 * made.tokensPerCall!.output
    expect(Math.abs(perMinute / 32_000 - 1)).toBeLessThan(0.03)
  })

  test('with output enough, nothing is cut and nothing differs from a quota that charges at the end', () => {
    const live = simulate(workload('like: bedrock-mantle, itpm: 10M, otpm: 10M'), probe)
    const atEnd = simulate(workload('tpm: 100M'), probe)
    expect(live.errors!.rate).toBe(0)
    expect(live.turns).toEqual(atEnd.turns)
    expect(live.latency).toEqual(atEnd.latency)
  })
})
