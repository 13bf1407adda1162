import { expect, test } from 'vitest'
import { metricSums } from './prometheus-text.ts'

test('samples of a metric are added up; what is no sample is left out', () => {
  const sums = metricSums(
    [
      '# HELP process_cpu_seconds_total Total user and system CPU time.',
      '# TYPE process_cpu_seconds_total counter',
      'process_cpu_seconds_total{pid="1"} 1.5',
      'process_cpu_seconds_total{pid="2",name="a \\"}b{\\""} 2 1700000000',
      'process_resident_memory_bytes 2.5e+07',
      'up',
      'broken{a="b" 3',
      'not_a_number NaN',
      'no_end +Inf',
      '',
    ].join('\r\n'.slice(1)),
  )
  expect([...sums]).toEqual([
    ['process_cpu_seconds_total', 3.5],
    ['process_resident_memory_bytes', 2.5e7],
  ])
})
