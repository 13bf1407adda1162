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
    ['ttft{turn:1} p(95)<2000', 'ttft{turn:1} p95 < 2s'],
    ['ttft{ turn: 4-7, scenario: order lookup }: p(99)<250', '[order lookup] ttft{turn:4-7} p99 < 250ms'],
    ['errors{turn:8+}: rate<0.05', 'errors{turn:8+} < 5%'],
    ['inter_token_latency: p(95)<50', 'itl p95 < 50ms'],
    ['goodput: rate>0.95', 'goodput > 95%'],
    ['retries: avg<0.1', 'retries mean < 0.1'],
    ['http_req_duration p95 < 10s', 'turn p95 < 10s'],
    [{ http_req_duration: 'p(95)<10000' }, 'turn p95 < 10s'],
    [{ http_req_duration: { threshold: 'p(95)<10000' } }, 'turn p95 < 10s'],
  ])('%j is %s', (value, text) => {
    expect({ ...parseObjective(value), text }).toEqual(parseObjective(text))
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
    'ttft{turn:0}: p(95)<100',
    'ttft{turn:7-4} p95 < 1s',
    'ttft{plan:pro} p95 < 1s',
    'session{turn:1} p95 < 1m',
    'goodput < 95%',
    'goodput: rate<0.95',
    'errors > 1%',
    'turn{turn:1} p95 > 1s',
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
