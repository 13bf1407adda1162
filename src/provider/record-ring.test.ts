import { expect, test } from 'vitest'
import type { CallRecord } from '../result/records.ts'
import { RecordRing } from './record-ring.ts'

/** No two are alike in any number, and each kind of word and of what may be absent comes up. */
function record(i: number): CallRecord {
  return {
    kind: i % 2 ? 'tool' : 'model',
    service: i + 0.5,
    session: i === 3 ? -1 : i,
    turn: 2 * i,
    step: 3 * i,
    attempt: 4 * i,
    sentAtMs: 5 * i + 0.125,
    firstTokenAtMs: i % 3 ? 6 * i : NaN,
    endedAtMs: 7 * i,
    inputTokens: 8 * i,
    cachedTokens: 9 * i,
    outputTokens: 10 * i,
    maxTokens: i % 4 ? NaN : 11 * i,
    depth: 12 * i,
    outcome: i % 5 ? 'completed' : 'failed',
    errorKind: i % 5 ? 'none' : 'cut',
    status: 200 + i,
    joinedBy: i % 7 ? 'id' : 'trace',
    ...(i % 6 ? {} : { fault: 'stall' as const }),
    ...(i % 8 ? {} : { canaries: { own: [i], foreign: [1, i] } }),
  }
}

const added = (ring: RecordRing, count: number): CallRecord[] => {
  const all = Array.from({ length: count }, (_, i) => record(i))
  for (const each of all) ring.add(each)
  return all
}

test('records come back as they were, page by page, as many as there may be', () => {
  const ring = new RecordRing()
  const all = added(ring, 3000)
  expect(ring.page(0, 1000)).toEqual({ records: all.slice(0, 1000), next: 1000, lost: 0 })
  expect(ring.page(1000, Infinity)).toEqual({ records: all.slice(1000), next: 3000, lost: 0 })
  expect(ring.page(9000, 10)).toEqual({ records: [], next: 3000, lost: 0 })
})

test('the oldest make room, with all that belonged to them; those that nobody had read are lost', () => {
  const ring = new RecordRing(2000)
  const all = added(ring, 4500)
  expect(ring.page(0, Infinity)).toEqual({ records: all.slice(2500), next: 4500, lost: 2500 })
  ring.add(record(1))
  expect(ring.page(4499, 5)).toEqual({ records: [all[4499], record(1)], next: 4501, lost: 2500 })
})
