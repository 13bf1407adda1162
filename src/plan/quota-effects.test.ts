import { describe, expect, test } from 'vitest'
import { quotaWords } from '../result/quota-words.ts'
import { read } from '../workload/fixture-read.ts'
import { planCapacity } from './plan-capacity.ts'
import { plausibleDepthMs, quotaEffects } from './quota-effects.ts'

const file = (model: string): string => `
users: { think: exponential(mean 30s) }
model: { ttft: 1s, ${model} }
objectives: [errors < 1%]`

function effectsOf(model: string) {
  const workload = read(file(model))
  const { level } = planCapacity(workload)
  const users = 'users' in level ? level.users : 0
  return { users, effects: quotaEffects(workload, users), at: (other: string) => capacityOf(other) }
}

function capacityOf(model: string): number {
  const { level } = planCapacity(read(file(model)))
  return 'users' in level ? level.users : 0
}

describe('what the quota’s way of counting costs', () => {
  const bedrock = (maxTokens: number, cached = 0): string =>
    `id: claude-sonnet-5, input: { system: 500 }, output: 100, perToken: 300ms, maxTokens: ${maxTokens}, cached: ${cached}%, quota: { like: bedrock, tpm: 2M }`

  test('Bedrock holds max_tokens back: 31 calls in flight at 64k, 1,333 at 1,000', () => {
    const wide = effectsOf(bedrock(64_000)).effects[0]!.reservation!
    expect(wide.callsInFlight).toBe(31)
    expect(effectsOf(bedrock(1000)).effects[0]!.reservation!.callsInFlight).toBe(1333)
  })

  test('the users lost are those that max_tokens near the answers would carry', () => {
    const { users, effects, at } = effectsOf(bedrock(64_000))
    const { reservation } = effects[0]!
    expect(reservation).toMatchObject({ maxTokens: 64_000, said: true, meanOutput: 100, enough: 100 })
    expect(reservation!.users).toBe(at(bedrock(100)))
    expect(reservation!.usersLost).toBe(reservation!.users - users)
    expect(reservation!.usersLost).toBeGreaterThan(0)
  })

  test('the cache gains what the file would lose without it', () => {
    const { users, effects, at } = effectsOf(bedrock(100, 80))
    const without = at(bedrock(100, 0))
    expect(effects[0]!.caching).toEqual({
      share: 0.8,
      countsLess: true,
      users: without,
      usersGained: users - without,
    })
    expect(users).toBeGreaterThan(without)
  })

  test('where cached input counts like other input it gains nobody, and says so', () => {
    const plain = 'input: { system: 500 }, output: 100, cached: 80%, quota: { tpm: 100k }'
    const { effects } = effectsOf(plain)
    expect(effects[0]!.caching).toMatchObject({ countsLess: false, usersGained: 0 })
    expect(quotaWords(effects)[0]!.text).toContain('no users more')
  })

  test('what a PTU bucket holds is not published: a band from its lowest to its highest depth', () => {
    const ptu = (depth: string): string =>
      `id: gpt-5.2, input: { system: 4000 }, output: 200, quota: { like: azure-ptu, ptu: 15${depth} }`
    const { effects } = effectsOf(ptu(''))
    expect(effects[0]!.depth).toEqual({
      field: 'model.quota.depth',
      assumedMs: 60_000,
      lowMs: plausibleDepthMs.low,
      lowUsers: capacityOf(ptu(', depth: 5s')),
      highMs: plausibleDepthMs.high,
      highUsers: capacityOf(ptu(', depth: 120s')),
    })
    expect(effects[0]!.depth!.lowUsers).toBeLessThan(effects[0]!.depth!.highUsers)
    // Written, it is no longer a question.
    expect(effectsOf(ptu(', depth: 30s')).effects).toEqual([])
  })
})
