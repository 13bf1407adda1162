/**
 * Measurement against simulation and algebra: the reference agent and the simulated provider, below, near and past
 * the knee, at the speeds asked for. The same seed and the same window, so all engines draw the same sessions.
 *
 *   npm run bench:agreement -- --speeds 10,1 --users 70,140,190 --measured 10m
 *
 * Held to: turns a second within 10 %, turn p95 within 15 %, assumed fields within 10 % of what was observed.
 */
import { parseArgs } from 'node:util'
import { createIo } from '../src/cli/io.ts'
import { measuredRunner } from '../src/cli/measured-runner.ts'
import { duration } from '../src/cli/options.ts'
import { readWorkload } from '../src/cli/read-workload.ts'
import { openWorld } from '../src/cli/world.ts'
import { plan } from '../src/plan/plan.ts'
import type { Summary } from '../src/result/summary.ts'
import { simulate } from '../src/simulate/simulate.ts'

const { signal } = new AbortController()

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: 'examples/customer-support.yaml' },
    speeds: { type: 'string', default: '10,1' },
    users: { type: 'string', default: '70,140,190' },
    warmup: { type: 'string', default: '3m' },
    measured: { type: 'string', default: '10m' },
    seed: { type: 'string', default: '1' },
  },
})
const io = createIo({})
const workload = readWorkload(values.file, [], io)
const seed = Number(values.seed)
const window = { warmupMs: duration(values.warmup), measuredMs: duration(values.measured) }
const rows: string[][] = [
  ['users', 'speed', 'answer', 'turns/s', '', 'turn p95', '', 'ttft p95', 'errors', 'agent cores', 'valid'],
]
let missed = 0

for (const users of values.users.split(',').map(Number)) {
  const level = { users }
  const simulated = simulate(workload, { level, seed, ...window })
  add('-', 'solved', plan(workload, level), simulated)
  add('-', 'simulated', simulated, simulated)
  for (const speed of values.speeds.split(',').map(Number)) {
    const world = await openWorld(
      workload,
      { file: values.file, set: [], speed, seed, reference: true },
      io,
      signal,
    )
    try {
      const runner = measuredRunner(workload, world, { runId: 'bench', speed, marker: 'suffix' })
      const measured = await runner({ level, seed, ...window }, signal)
      add(String(speed), 'measured', measured, simulated)
      for (const field of measured.assumed ?? [])
        if (Math.abs(field.ratio - 1) > 0.1) {
          missed++
          console.log(
            `  assumed ${field.field} ${field.assumed.toFixed(2)}, observed ${field.observed.toFixed(2)}`,
          )
        }
    } finally {
      await world.close()
    }
  }
}

function add(speed: string, name: string, summary: Summary, reference: Summary): void {
  const p95 = summary.latency.turnMs?.p95 ?? NaN
  const rate = summary.turns.perSecond / reference.turns.perSecond - 1
  const tail = p95 / (reference.latency.turnMs?.p95 ?? NaN) - 1
  if (name === 'measured' && (Math.abs(rate) > 0.1 || Math.abs(tail) > 0.15)) missed++
  const level = 'users' in summary.level ? summary.level.users : NaN
  rows.push([
    `${level}`,
    speed,
    name,
    summary.turns.perSecond.toFixed(3),
    percent(rate),
    `${(p95 / 1000).toFixed(2)} s`,
    percent(tail),
    `${((summary.latency.ttftMs?.p95 ?? NaN) / 1000).toFixed(2)} s`,
    percent(summary.errors?.rate ?? 0),
    summary.generator?.agentCpu?.toFixed(2) ?? '',
    summary.generator ? (summary.generator.valid ? 'yes' : summary.generator.reasons.join('; ')) : '',
  ])
}

function percent(share: number): string {
  return `${share > 0 ? '+' : ''}${(share * 100).toFixed(1)} %`
}

const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
for (const row of rows) console.log(row.map((cell, i) => cell.padStart(widths[i]!)).join('  '))
console.log(
  missed === 0 ? 'all within 10 % (turns/s), 15 % (p95) and 10 % (assumed)' : `${missed} beyond the limits`,
)
process.exitCode = missed === 0 ? 0 : 1
