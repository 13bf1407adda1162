import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { planCapacity } from '../plan/plan.ts'
import { terminal } from '../report/terminal.ts'
import type { Derivation } from '../result/derivation.ts'
import type { Run } from '../result/run.ts'
import type { Level } from '../workload/level.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { inputCount } from './inputs.ts'
import { planFindings } from './plan-findings.ts'
import { explained } from './plan-parts.ts'
import { priceOf } from './prices.ts'

interface Printed {
  readonly text: string
  readonly value: number
  /** Half of the last digit printed, and a little for what is rounded twice. */
  readonly within: number
}

const scales: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12 }

/** The numbers of a text as they are printed: `450k`, `7.97 s`, `0.98 %`, `$0.00077`, `−12 %`. */
function numbersIn(text: string): Printed[] {
  const found = text.matchAll(/(?<![\w.,/-])(\d(?:[\d,]*\d)?(?:\.\d+)?(?:e-?\d+)?)([kMBT](?!\w))?/g)
  return [...found].map(([whole, digits, scale]) => {
    const plain = digits!.replaceAll(',', '')
    const factor = scales[scale ?? ''] ?? 1
    // Of $71.20 three digits are told, too.
    const cents = plain.length > 4 ? plain.replace(/(\.\d)0$/, '$1') : plain
    const decimals = /\.(\d+)/.exec(cents)?.[1]!.length ?? 0
    const value = Number(plain) * factor
    // Money is told to three digits, so that what ends in noughts may be rounded to them.
    const noughts = Math.min(/0*$/.exec(plain)![0].length, Math.max(0, plain.length - 3))
    const rounded = decimals === 0 ? 0.501 * 10 ** noughts * factor : 0
    return { text: whole, value, within: Math.max(0.501 * 10 ** -decimals * factor, rounded, 1e-12) }
  })
}

/** Whatever a derivation tells, in the units in which it may be printed. */
function known(derivations: readonly Derivation[]): number[] {
  return derivations.flatMap(({ figure, formula, result, unit, inputs }) => [
    ...numbersIn(`${figure} ${formula}`).map(({ value }) => value),
    ...[{ value: result, unit }, ...inputs].flatMap(({ value, unit: of }) => {
      const size = Math.abs(value)
      if (of === 'share' || of === 'of the users') return [size, size * 100]
      if (of === 'ms') return [size, size / 1000, ...clock(size)]
      if (of === 'USD') return [size, size * 1000]
      return [size]
    }),
  ])
}

/** `3 h 43 min` and `1 min 42 s`. */
function clock(ms: number): number[] {
  if (ms < 60_000) return []
  const [seconds, minutes] = [Math.round(ms / 1000), Math.round(ms / 60_000)]
  return [Math.floor(minutes / 60), minutes % 60, Math.floor(seconds / 60), seconds % 60]
}

/** Numbers that the reader wrote himself, or that belong to a name. */
function ownNumbers(file: string): number[] {
  const source = readFileSync(file, 'utf8')
  const written = numbersIn(source).map(({ value }) => value)
  const times = [...source.matchAll(/(\d[\d.]*)(ms|s|m|h|%|k|M)\b/g)].map(([, digits]) => Number(digits))
  return [...written, ...times]
}

const names = /\bp\d\d\b|gpt-[\d.]+\w*|\b429s?\b|10,000 (?:users|registered|people)|East US 2|20\d\d/g

interface Override {
  readonly path: string
  readonly value: string
}

/** What `plan` tells, as its summary, its text and the derivations of its figures. */
function told(file: string, level: Level | undefined, overrides: readonly Override[] = []) {
  const { workload } = parseWorkload(readFileSync(file, 'utf8'), { price: priceOf, overrides })
  if (!workload) throw new Error(`${file} does not parse`)
  const headroom = 0.75
  const findings = planFindings(workload, level, headroom)
  const run: Run = {
    format: 1,
    runId: 'told',
    version: '',
    startedAt: '',
    command: 'plan',
    workload: { name: workload.name, hash: workload.hash, inputs: inputCount(workload) },
    machine: { cpuModel: '', cores: 0, memoryBytes: 0, platform: '', node: '', sharedWith: [] },
    speed: 1,
    ...findings,
  }
  const capacityOf = () => findings.capacities[0] ?? planCapacity(workload, { headroom })
  const { derivations } = explained(workload, level, true, headroom, capacityOf)
  const { summaries, capacities, ...rest } = findings
  return { figures: [summaries, capacities, rest], text: terminal(run), derivations }
}

function unexplained(
  file: string,
  text: string,
  derivations: readonly Derivation[],
  own: readonly number[] = [],
): string[] {
  const values = [...known(derivations), ...ownNumbers(file), ...own]
  return text.split('\n').flatMap((line) =>
    numbersIn(line.replaceAll(names, ''))
      .filter(({ value, within }) => values.every((each) => Math.abs(each - value) > within))
      .map(({ text: number }) => `${number} in: ${line.trim()}`),
  )
}

const peaks: readonly Override[] = [
  { path: 'users.peak', value: `{ concurrencyRatio: 3%, day: [${'50%, '.repeat(20)}100%, 80%, 75%, 90%] }` },
  { path: 'users.peak.burst', value: '{ tokens: 70k/s, for: 30s }' },
  { path: 'users.peak.together', value: '300' },
]

/** Beside the users: telephone, work that waits, peaks, people. */
test.each<[string, Level | undefined, readonly Override[], RegExp]>([
  ['voice-receptionist', undefined, [], /chain|ear|month of calls/],
  ['mail-backlog', undefined, [], /backlog/],
  ['research-assistant', { users: 60 }, [], /range of|hold/],
  ['customer-support', undefined, peaks, /burst|all at once|of the day/],
])('what %s asks besides its users at %j is derived too', (name, level, overrides, family) => {
  const file = `examples/${name}.yaml`
  const { text, derivations, figures } = told(file, level, overrides)
  const own = overrides.flatMap(({ value }) => [...value.matchAll(/\d+/g)].map(([digits]) => Number(digits)))
  expect(unexplained(file, text, derivations, own)).toEqual([])
  expect(underived(file, figures, derivations, own)).toEqual([])
  const without = derivations.filter(({ figure }) => !family.test(figure))
  expect(unexplained(file, text, without, own)).not.toEqual([])
  expect(underived(file, figures, without, own)).not.toEqual([])
})

test.each<[string, Level | undefined]>([
  ['customer-support', undefined],
  ['customer-support', { users: 200 }],
  ['simple-chatbot', undefined],
  ['simple-chatbot', { sessionsPerSecond: 50 }],
  ['coding-assistant', undefined],
  ['analyst-loop', { sessionsPerSecond: 10 }],
  ['launch-day', { users: 500 }],
])('every number that plan prints of %s at %j is derived, or stands in the file', (name, level) => {
  const file = `examples/${name}.yaml`
  const { text, derivations } = told(file, level)
  expect(unexplained(file, text, derivations)).toEqual([])
  // A family of derivations that were left out would be missed.
  const withoutTurn = derivations.filter(({ figure }) => !/tokens|exchange|input of/.test(figure))
  expect(unexplained(file, text, withoutTurn)).not.toEqual([])
})

/** Each number of the answer with its path; the levels of the chart and the format are no figures. */
function leaves(value: unknown, path = ''): [path: string, value: number][] {
  if (typeof value === 'number') return [[path, value]]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    /^(?:probes|format|speed|verdict)$/.test(key) ? [] : leaves(inner, `${path}.${key}`),
  )
}

test.each<[string, Level | undefined]>([
  ['customer-support', undefined],
  ['customer-support', { users: 200 }],
  ['coding-assistant', { sessionsPerSecond: 0.1 }],
])('every figure in the JSON of %s at %j too', (name, level) => {
  const file = `examples/${name}.yaml`
  const { figures, derivations } = told(file, level)
  expect(underived(file, figures, derivations)).toEqual([])
})

function underived(
  file: string,
  figures: unknown,
  derivations: readonly Derivation[],
  own: readonly number[] = [],
): [path: string, value: number][] {
  const values = [...known(derivations), ...ownNumbers(file), ...own]
  const scaled = (value: number): number[] => [1, 60, 1000, 60_000].map((factor) => value * factor)
  return leaves(figures).filter(
    ([, value]) =>
      !scaled(Math.abs(value)).some((each) =>
        values.some((other) => Math.abs(each - other) <= 1e-6 * Math.max(each, other) + 1e-12),
      ),
  )
}

test.each<[string, string]>([
  ['research-assistant', ': research assistant at 60 users, with what the file has and no peak above them'],
  ['analyst-loop', ': analyst loop at 60 users, with what the file has'],
])('beside the shopping list of %s the level is told apart as the file is', (name, headline) => {
  const lines = told(`examples/${name}.yaml`, { users: 60 }).text.split('\n')
  expect(lines.filter((line) => line.endsWith(headline))).toHaveLength(1)
})
