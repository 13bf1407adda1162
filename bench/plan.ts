/**
 * How long one level takes to solve, for every example at several numbers of users, and how long its capacity takes;
 * then each formula at 100,000 users: medians of repeated runs, each after one to warm up (`first` is that one,
 * compiling included).
 *
 *   npm run bench:plan -- --runs 5
 */
import { readdirSync, readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { planCapacity } from '../src/plan/plan-capacity.ts'
import { plan } from '../src/plan/plan-level.ts'
import { levelValue } from '../src/workload/level.ts'
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
for (const file of readdirSync(folder).filter((each) => each.endsWith('.yaml'))) {
  const { workload } = parseWorkload(readFileSync(new URL(file, folder), 'utf8'), { file })
  if (!workload) throw new Error(`examples/${file} does not parse`)
  const firstMs = timed(() => planCapacity(workload))
  const capacityMs = median(() => planCapacity(workload))
  const levels = populations.map((users) => {
    plan(workload, { users })
    return ms(median(() => plan(workload, { users })))
  })
  const users = levelValue(planCapacity(workload).level)
  console.log(
    `${file.padEnd(24)}${levels.map((text) => text.padStart(15)).join('')}${ms(firstMs).padStart(17)}${ms(capacityMs).padStart(12)}${String(users).padStart(8)}`,
  )
}

console.log(`\n${'formula at 100,000 users'.padEnd(38)}median`)
for (const [name, solve] of formulaSizes) {
  solve()
  console.log(`${name.padEnd(38)}${ms(median(solve)).padStart(7)}`)
}

function timed(work: () => unknown): number {
  const startMs = performance.now()
  work()
  return performance.now() - startMs
}

function median(work: () => unknown): number {
  return Array.from({ length: runs }, () => timed(work)).toSorted((a, b) => a - b)[Math.floor(runs / 2)]!
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`
}
