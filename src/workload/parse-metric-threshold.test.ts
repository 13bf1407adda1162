import { expect, test } from 'vitest'
import { parseMetricThreshold } from './parse-metric-threshold.ts'
import { parseObjectiveLine } from './parse-objective-line.ts'

test.each([
  [
    'my_trend: p(95)<200',
    { metricName: 'my_trend', statistic: { kind: 'percentile', share: 0.95 }, sign: '<', limit: 200 },
  ],
  ['my_trend p99.9 <= 2s', { statistic: { kind: 'percentile', share: 0.999 }, sign: '<=', limit: 2000 }],
  ['my_trend{plan: pro} med < 3', { tag: 'plan:pro', statistic: { kind: 'percentile', share: 0.5 } }],
  ['checks rate > 99%', { metricName: 'checks', statistic: { kind: 'rate' }, sign: '>', limit: 0.99 }],
  ['my_rate{a:b c} rate>=0.5', { tag: 'a:b c', limit: 0.5, sign: '>=' }],
  ['my_counter count<10', { statistic: { kind: 'count' }, limit: 10 }],
  ['my_trend avg > 1', { statistic: { kind: 'mean' }, sign: '>' }],
  [
    { objective: 'my_trend max < 4', abortOnFail: true, delayAbortEval: '3s' },
    { statistic: { kind: 'max' }, abort: { afterMs: 3000 } },
  ],
  [{ my_trend: 'min>1' }, { statistic: { kind: 'min' } }],
])('a threshold on a measure: %j', (written, read) => {
  expect(parseMetricThreshold(written)).toMatchObject(read)
})

test.each([
  'turn p95 < 10s',
  'http_req_duration: p(95)<10',
  'errors < 1%',
  'my_trend',
  'my_trend mode < 3',
  7,
  null,
  [],
])('no threshold on a measure: %j', (written) => {
  expect(parseMetricThreshold(written)).toBeUndefined()
})

test.each([
  ['my_rate rate > 120%', /120% is not a share/],
  ['my_trend p100 < 3', /p100 is not a percentile/],
  ['my_trend p95 < soon', /soon/],
])('a mistake is told: %s', (written, message) => {
  expect(() => parseMetricThreshold(written)).toThrow(message)
})

test('checks are also an objective, for where no script runs', () => {
  const { objective, threshold } = parseObjectiveLine('checks{scenario:faq}: rate>0.99')
  expect(objective).toMatchObject({ metric: 'errors', limit: 0.01, scenarioName: 'faq' })
  expect(threshold).toMatchObject({ tag: 'scenario:faq', unscripted: objective!.text })
  expect(parseObjectiveLine('checks{plan:pro} rate > 99%').objective).toBeUndefined()
})
