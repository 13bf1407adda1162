/**
 * How long one level takes to solve, for every example at several numbers of users, and how long its capacity takes;
 * then all that `plan FILE --users N` and `--arrivals` say (with the shopping list and what the answer hangs on), once
 * the file is read; then each formula at 100,000 users: medians of repeated runs, each after one to warm up (`first` is that one,
 * compiling included).
 *
 *   npm run bench:plan -- --runs 5
 */
import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { planFindings } from '../src/cli/plan-findings.ts'
import { planCapacity } from '../src/plan/plan-capacity.ts'
import { plan } from '../src/plan/plan-level.ts'
import { type Level, levelValue } from '../src/workload/level.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { formulaSizes } from './formula-sizes.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const runs = Number(values.runs)
const populations = [100, 10_000, 100_000]

console.log(
  `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
)
console.log(
  `${'example'.padEnd(24)}${populations.map((users) => `${users} users`.padStart(15)).join('')}  capacity: first, then   users`,
)
const folder = new URL('../examples/', import.meta.url)
const examples = readdirSync(folder)
  .filter((each) => each.endsWith('.yaml'))
  .map((file) => {
    const { workload } = parseWorkload(readFileSync(new URL(file, folder), 'utf8'), { file })
    if (!workload) throw new Error(`examples/${file} does not parse`)
    return { file, workload }
  })
for (const { file, workload } of examples) {
  const firstMs = timed(() => planCapacity(workload))
  const capacityMs = median(() => planCapacity(workload))
  const levels = populations.map((users) => warmMedian(() => plan(workload, { users })))
  const users = levelValue(planCapacity(workload).level)
  console.log(
    `${file.padEnd(24)}${levels.map((text) => text.padStart(15)).join('')}${ms(firstMs).padStart(17)}${ms(capacityMs).padStart(12)}${String(users).padStart(8)}`,
  )
}

const answered: [name: string, level: Level][] = [
  ...populations.map((users): [string, Level] => [`--users ${users}`, { users }]),
  ...[1, 100, 1000].map((rate): [string, Level] => [`--arrivals ${rate}/s`, { sessionsPerSecond: rate }]),
]
console.log(`\n${'all of plan'.padEnd(24)}${answered.map(([name]) => name.padStart(18)).join('')}`)
for (const { file, workload } of examples) {
  const times = answered.map(([, level]) => warmMedian(() => planFindings(workload, level, 0.75)))
  console.log(`${file.padEnd(24)}${times.map((text) => text.padStart(18)).join('')}`)
}

console.log(`\n${'formula at 100,000 users'.padEnd(38)}median`)
for (const [name, solve] of formulaSizes) {
  console.log(`${name.padEnd(38)}${warmMedian(solve).padStart(7)}`)
}

function timed(work: () => unknown): number {
  const startMs = performance.now()
  work()
  return performance.now() - startMs
}

function median(work: () => unknown): number {
  return Array.from({ length: runs }, () => timed(work)).toSorted((a, b) => a - b)[Math.floor(runs / 2)]!
}

function warmMedian(work: () => unknown): string {
  work()
  return ms(median(work))
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}
