import { expect, test } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import type { TurnRecord } from '../result/records.ts'
import { problemsOfTurn } from './preflight-problems.ts'

test.each([
  ['sessions', 'http_4xx', /the driver \(sessions\)\? target.driver may also be .*--from-curl/],
  ['sessions', 'protocol', /does not understand this target.*--from-curl/],
  ['http', 'http_4xx', /target.url followed by the path in target.http/],
  ['http', 'protocol', /^correct target.http.answer/],
  ['websocket', 'protocol', /^correct target.websocket.answer/],
] as const)('with the driver %s, %s: what to do next', (driver, errorKind, hint) => {
  const record = { scenario: 0, outcome: 'failed', errorKind, status: 404 } as TurnRecord
  const sides = { target: 'http://localhost:8000', driver, speed: 1, waitedMs: 1000 }
  expect(problemsOfTurn(record, 'said', sides, loadWorkload())).toMatchObject([
    { message: 'said', hint: expect.stringMatching(hint) },
  ])
})
