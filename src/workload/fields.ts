import { z } from 'zod'
import type { Distribution } from '../stats/distribution.ts'
import { Mistake } from './mistake.ts'
import { objectivePattern, scriptPattern, thresholdPattern } from './objective-pattern.ts'
import { parseObjectiveLine } from './parse-objective-line.ts'
import { parseDistribution, type Traces } from './parse-distribution.ts'
import {
  durationUnit,
  type QuantityUnit,
  readCallRate,
  readDuration,
  readMemory,
  readMoney,
  readRatePerMinute,
  readShare,
  readSize,
  sizeUnit,
} from './quantity.ts'
import { orRange, unitPatterns } from './units.ts'

/** A value of the file with a reader that throws `Mistake`, and what JSON Schema can say about it. */
export function field<T>(id: string, read: (value: unknown) => T, shape: Record<string, unknown>) {
  return z
    .unknown()
    .transform(reading(read))
    .meta({ id, ...shape })
}

/** A transform for Zod of a reader that throws `Mistake`. */
export function reading<V, T>(read: (value: V) => T): (value: V, context: z.core.ParsePayload<V>) => T {
  return (value, context) => {
    try {
      return read(value)
    } catch (error) {
      if (!(error instanceof Mistake)) throw error
      const { code, hint, message } = error
      context.issues.push({ code: 'custom', message, input: value, params: { code, hint } })
      return z.NEVER
    }
  }
}

const functionPattern = String.raw`^(?:exponential|lognormal|gamma|geometric|uniform|trace)\s*\(.*\)$`

const distributionShape = (pattern: string, description: string, examples: readonly unknown[]) => ({
  description,
  anyOf: [
    { type: 'number', minimum: 0 },
    { type: 'string', pattern: orRange(pattern) },
    { type: 'string', pattern: functionPattern },
    {
      type: 'object',
      description: 'Values with shares that add up to 100 %.',
      propertyNames: { pattern },
      additionalProperties: { type: 'string', pattern: unitPatterns.share },
    },
  ],
  examples,
})

const quantityShape = (pattern: string, description: string, examples: readonly unknown[], bare = false) => ({
  description,
  anyOf: [
    bare ? { type: 'number', minimum: 0 } : { const: 0 },
    { type: 'string', pattern: orRange(pattern) },
  ],
  examples,
})

/** Beyond any server, and within what engines count exactly. */
const mostCounted = 1e9

/** Steps of a loop, their parallel calls and tries of a call: engines walk them one by one. */
const mostWalked = 10_000

/** Turns and steps: whole, at least 1, which a drawn value is rounded to. */
function readCount(value: unknown, traces?: Traces, most = mostCounted): Distribution {
  const distribution = parseDistribution(value, sizeUnit, traces)
  const text = String(distribution)
  if (distribution.mean > most) throw new Mistake('out_of_range', `${text} is too many`, `at most ${most}`)
  if (distribution.mean < 1)
    throw new Mistake('out_of_range', `${text} is below 1`, 'there is always at least one')
  const values =
    typeof value === 'object' && value !== null
      ? Object.keys(value).map((key) => readSize(key))
      : [distribution.mean]
  const discrete = distribution.variance === 0 || values.length > 1
  if (discrete && values.some((each) => each < 1))
    throw new Mistake('out_of_range', `${text} has a value below 1`, 'there is always at least one')
  if (discrete && values.some((each) => !Number.isInteger(each)))
    throw new Mistake(
      'out_of_range',
      `${text} is not whole`,
      'for a mean between, give shares: { 1: 50%, 2: 50% }',
    )
  return distribution
}

function readWhole(least: number, most = mostCounted): (value: unknown) => number {
  return (value) => {
    const number = readSize(value)
    if (!Number.isInteger(number))
      throw new Mistake('out_of_range', `${number} is not a whole number`, 'such as 5')
    if (number > most) throw new Mistake('out_of_range', `${number} is too many`, `at most ${most}`)
    if (number < least) throw new Mistake('out_of_range', `${number} is below ${least}`, `at least ${least}`)
    return number
  }
}

function above0(read: (value: unknown) => number): (value: unknown) => number {
  return (value) => {
    const number = read(value)
    if (number === 0) throw new Mistake('out_of_range', '0 is not above 0', 'leave it out for no limit')
    return number
  }
}

/** The busiest over the average: never less than it. */
function readPeak(value: unknown): number {
  const number = readSize(value)
  if (number < 1)
    throw new Mistake('out_of_range', `${number} is below 1`, 'the busiest hour over the average, such as 2')
  return number
}

function readHistory(value: unknown): number {
  if (value === 'none') return 0
  if (value === 'all') return Infinity
  const window = typeof value === 'string' ? /^window\(\s*(\d{1,9})\s*\)$/.exec(value) : null
  if (!window)
    throw new Mistake(
      'wrong_type',
      'history is not understood',
      'none, all, or window(6) for the last 6 messages',
    )
  return Number(window[1])
}

const countShape = distributionShape(
  unitPatterns.size,
  'A whole number of at least 1, or a distribution of it.',
  [1, 'geometric(mean 5)', { '1': '50%', '2': '30%', '5': '20%' }],
)

/** The kinds of values that a workload file holds; `traces` answers `trace(file column)`. */
export function fields(traces?: Traces) {
  const distribution = (id: string, unit: QuantityUnit, shape: Record<string, unknown>) =>
    field(id, (value) => parseDistribution(value, unit, traces), shape)
  const whole = (id: string, least: number, description: string, most?: number) =>
    field(id, readWhole(least, most), {
      description,
      anyOf: [
        { type: 'integer', minimum: least },
        { type: 'string', pattern: orRange(unitPatterns.size) },
      ],
    })
  return {
    durations: distribution(
      'durations',
      durationUnit,
      distributionShape(unitPatterns.duration, 'A duration, or a distribution of durations.', [
        '45s',
        'exponential(mean 30s)',
        'lognormal(mean 45s cv 0.8)',
        'lognormal(p50 400ms p95 1.2s)',
        'gamma(mean 3s cv 2)',
        'uniform(2s 5s)',
      ]),
    ),
    durationsAbove0: field(
      'durationsAbove0',
      (value) => {
        const distribution = parseDistribution(value, durationUnit, traces)
        if (distribution.mean > 0) return distribution
        throw new Mistake('out_of_range', `${String(distribution)} is not above 0`, 'such as 3m')
      },
      distributionShape(unitPatterns.duration, 'A duration above 0, or a distribution of durations.', [
        '3m',
        'lognormal(mean 3m cv 0.8)',
      ]),
    ),
    sizes: distribution(
      'sizes',
      sizeUnit,
      distributionShape(unitPatterns.size, 'A number of tokens, or a distribution of it.', [
        120,
        '1.2k',
        'lognormal(mean 120 cv 0.6)',
        'uniform(100 200)',
      ]),
    ),
    counts: field('counts', (value) => readCount(value, traces), countShape),
    steps: field('steps', (value) => readCount(value, traces, mostWalked), countShape),
    duration: field(
      'duration',
      readDuration,
      quantityShape(unitPatterns.duration, 'A duration.', ['45s', '200ms', '1.5m', '20us']),
    ),
    durationAbove0: field('durationAbove0', above0(readDuration), {
      description: 'A duration above 0.',
      type: 'string',
      pattern: orRange(unitPatterns.duration),
      examples: ['60s'],
    }),
    share: field('share', readShare, quantityShape(unitPatterns.share, 'A share of at most 100 %.', ['4%'])),
    shareAbove0: field('shareAbove0', above0(readShare), {
      description: 'A share above 0 and of at most 100 %.',
      type: 'string',
      pattern: unitPatterns.share,
      examples: ['50%'],
    }),
    money: field('money', readMoney, quantityShape(unitPatterns.money, 'US dollars.', ['$350', '$0.50'])),
    memory: field('memory', readMemory, quantityShape(unitPatterns.memory, 'Memory.', ['8GB', '8GiB'])),
    perMinute: field(
      'perMinute',
      above0(readRatePerMinute),
      quantityShape(unitPatterns.rate, 'A rate a minute, or with its own unit.', [500, '450k', '3/s'], true),
    ),
    callRate: field('callRate', above0(readCallRate), {
      description: 'A rate with its unit.',
      type: 'string',
      pattern: orRange(unitPatterns.callRate),
      examples: ['100/min', '2/s', '2000/h'],
    }),
    whole0: whole('whole', 0, 'A whole number.'),
    tries: whole('tries', 0, 'A whole number of at most 10000.', mostWalked),
    whole1: whole('wholeFrom1', 1, 'A whole number of at least 1.'),
    above0: field(
      'above0',
      above0(readSize),
      quantityShape(unitPatterns.size, 'A number above 0.', [4, 2.5], true),
    ),
    peakToAverage: field(
      'peakToAverage',
      readPeak,
      quantityShape(unitPatterns.size, 'A number of at least 1.', [2, 1.5], true),
    ),
    weight: field('weight', readSize, quantityShape(unitPatterns.size, 'A relative weight.', [3, 1], true)),
    history: field('history', readHistory, {
      description: 'Earlier messages sent along: none, all, or the last ones.',
      type: 'string',
      pattern: String.raw`^(?:none|all|window\(\s*\d+\s*\))$`,
      examples: ['window(6)', 'all', 'none'],
    }),
    objective: field('objective', parseObjectiveLine, {
      description:
        'What must hold: a metric (turn, ttft, itl ...) with p95 (any percentile) or mean, or a share (errors, goodput ...); or a threshold of k6.',
      anyOf: [
        {
          type: 'string',
          pattern: objectivePattern,
        },
        {
          type: 'string',
          pattern: thresholdPattern,
        },
        {
          type: 'string',
          description: 'A measure that a script keeps.',
          pattern: scriptPattern,
        },
        {
          type: 'object',
          properties: {
            objective: { type: 'string', description: 'The objective.' },
            abortOnFail: { type: 'boolean', description: 'A measured run ends as soon as it is missed.' },
            delayAbortEval: { type: 'string', description: 'It is not ended before.' },
          },
        },
      ],
      examples: [
        'turn p95 < 10s',
        'ttft{turn:1} p95 < 2s',
        'itl p99 < 100ms',
        'errors < 1%',
        'goodput > 95%',
      ],
    }),
  }
}

export type Fields = ReturnType<typeof fields>
