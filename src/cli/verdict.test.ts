import { describe, expect, test } from 'vitest'
import type { Capacity } from '../result/capacity.ts'
import type { SummaryOrigin } from '../result/summary.ts'
import { mainCapacity } from './verdict.ts'

const bottleneck = { service: 'agent slots', limit: 5, unit: 'turns' }
const next = { service: 'knowledge', users: 200 }

function answer(origin: SummaryOrigin, parts: Partial<Capacity> = {}): Capacity {
  return { origin, level: { users: 100 }, runAt: 75, bottleneck, probes: [], ...parts }
}

const solved = answer('solved', { next, advice: [], sensitivity: [] })

describe('mainCapacity', () => {
  test.each<[string, Capacity[], SummaryOrigin]>([
    [
      'measured before simulated before solved',
      [solved, answer('simulated'), answer('measured')],
      'measured',
    ],
    [
      'valid before measured',
      [solved, answer('simulated'), answer('measured', { invalid: ['late'] })],
      'simulated',
    ],
    ['an invalid one where there is no other', [answer('measured', { invalid: [] })], 'measured'],
  ])('%s', (_, capacities, origin) => {
    expect(mainCapacity(capacities).origin).toBe(origin)
  })

  test('what would happen if comes from the algebra', () => {
    expect(mainCapacity([solved, answer('simulated')])).toEqual(
      answer('simulated', { next, advice: [], sensitivity: [] }),
    )
  })

  test('what helps is not taken where not one user is carried for what the algebra does not miss', () => {
    const asked = { ...solved, brokenBy: 'turn p95 < 9s' }
    const none = (brokenBy: string): Capacity =>
      answer('simulated', { level: { users: 0 }, runAt: 0, brokenBy })
    expect(mainCapacity([asked, none('goodput > 97%')])).not.toHaveProperty('advice')
    expect(mainCapacity([asked, none('goodput > 97%')])).not.toHaveProperty('sensitivity')
    expect(mainCapacity([asked, none('turn p95 < 9s')])).toHaveProperty('advice')
  })

  test('what comes next is not taken where the algebra names another first', () => {
    const other = answer('simulated', { bottleneck: { ...bottleneck, service: 'event loop' } })
    expect(mainCapacity([solved, other])).not.toHaveProperty('next')
  })
})
