import { describe, expect, test } from 'vitest'
import { parseObjective } from './parse-objective.ts'

describe("thresholds in k6's grammar", () => {
  test.each([
    ['http_req_duration: p(95)<10000', 'turn p95 < 10s'],
    ['http_req_duration: p(99.9) <= 1500', 'turn p99.9 < 1500ms'],
    ['http_req_waiting: avg<500', 'ttft mean < 500ms'],
    ['iteration_duration: med < 2000', 'turn p50 < 2s'],
    ['http_req_failed: rate<0.01', 'errors < 1%'],
    ['checks: rate>0.99', 'errors < 1%'],
    ['http_req_duration{scenario:order lookup}: p(95)<500', '[order lookup] turn p95 < 500ms'],
    [{ http_req_duration: 'p(95)<10000' }, 'turn p95 < 10s'],
    [{ http_req_duration: { threshold: 'p(95)<10000' } }, 'turn p95 < 10s'],
  ])('%j is %s', (value, text) => {
    expect(parseObjective(value)).toEqual(parseObjective(text))
  })

  test('abortOnFail stands beside a threshold or an objective, with its delay', () => {
    const objective = parseObjective('turn p95 < 10s')
    const abort = { afterMs: 30_000 }
    const flags = { abortOnFail: true, delayAbortEval: '30s' }
    expect(parseObjective({ objective: 'turn p95 < 10s', ...flags })).toEqual({ ...objective, abort })
    expect(parseObjective({ http_req_duration: { threshold: 'p(95)<10000', ...flags } })).toEqual({
      ...objective,
      abort,
    })
    expect(parseObjective({ objective: 'turn p95 < 10s', abortOnFail: false })).toEqual(objective)
  })

  test.each([
    'http_req_duration: max<100',
    'http_req_duration: p(95)>100',
    'http_req_failed: p(95)<1',
    'checks: rate<0.5',
    'nonsense: p(95)<100',
    { vus: 'value<5' },
    { objective: 'turn p95 < 1s', abort: true },
    { objective: 3 },
    { http_req_duration: ['p(95)<1'] },
    {},
    ['turn p95 < 1s'],
    null,
  ])('%j is a mistake', (value) => {
    expect(() => parseObjective(value)).toThrow(
      expect.objectContaining({ hint: expect.any(String) as string }),
    )
  })
})
