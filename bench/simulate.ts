/**
 * Events a second of the simulator on the virtual clock: medians of repeated runs, each after one to warm up.
 *
 *   npm run bench:simulate -- --runs 5 --simpy
 *
 * `kernel`: users, agent, calls and the event queue, records told to nobody. `whole`: with records, percentiles and
 * their intervals, as `plimsoll simulate` runs. With --simpy the machine repairman also runs on SimPy, which is
 * installed with pip into a temporary folder; both count two events a turn (end of think, end of repair).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { fixtureWorkload, repairman } from '../src/simulate/fixture-workloads.ts'
import { simulate } from '../src/simulate/simulate.ts'
import { Simulation } from '../src/simulate/simulation.ts'
import { constant, exponential } from '../src/stats/distributions.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import type { Workload } from '../src/workload/workload.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    simpy: { type: 'boolean', default: false },
  },
})
const runs = Number(values.runs)

const file = fileURLToPath(new URL('../examples/customer-support.yaml', import.meta.url))
const customerSupport = parseWorkload(readFileSync(file, 'utf8'), { file }).workload
if (!customerSupport) throw new Error('examples/customer-support.yaml does not parse')
const engine = fixtureWorkload({
  model: {
    output: exponential(300),
    engine: { stepMs: 20, decodeMs: 1, prefillMs: 0, slots: 64 },
    tokensPerChunk: constant(1),
  },
})

const cases: readonly (readonly [name: string, workload: Workload, users: number, hours: number])[] = [
  ['machine repairman', repairman, 50, 200],
  ['machine repairman', repairman, 200, 200],
  ['inference engine', engine, 40, 200],
  ['customer support', customerSupport, 150, 24],
  ['customer support', customerSupport, 300, 24],
]

console.log(
  `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
)
console.log('model               users   events     kernel M/s   whole M/s')
for (const [name, workload, users, hours] of cases) {
  const options = { level: { users }, seed: 1, warmupMs: 600_000, measuredMs: hours * 3_600_000 }
  let events = 0
  const kernelSeconds = median(() => {
    const simulation = new Simulation(workload, options, () => {})
    simulation.run()
    events = simulation.events
  })
  const wholeSeconds = median(() => void simulate(workload, options))
  const rate = (seconds: number): string => (events / seconds / 1e6).toFixed(2)
  console.log(
    name.padEnd(18),
    String(users).padStart(6),
    String(events).padStart(9),
    rate(kernelSeconds).padStart(13),
    rate(wholeSeconds).padStart(11),
  )
}
if (values.simpy) simpy()

function median(run: () => void): number {
  run()
  const seconds = Array.from({ length: runs }, () => {
    const startedAtMs = performance.now()
    run()
    return (performance.now() - startedAtMs) / 1000
  })
  return seconds.sort((a, b) => a - b)[Math.floor(runs / 2)]!
}

function simpy(): void {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-simpy-'))
  try {
    const python = join(folder, 'bin', 'python')
    const script = fileURLToPath(new URL('repairman-simpy.py', import.meta.url))
    const steps: readonly (readonly string[])[] = [
      ['python3', '-m', 'venv', folder],
      [python, '-m', 'pip', 'install', '--quiet', 'simpy==4.1.2'],
      [python, script, String(runs)],
    ]
    for (const [command, ...args] of steps) {
      const { status, stdout, stderr } = spawnSync(command!, args, { encoding: 'utf8', timeout: 120_000 })
      if (status !== 0) {
        console.log(`SimPy left out: ${(stderr ?? '').trim().split('\n').at(-1) ?? 'no python3'}`)
        return
      }
      if (stdout) console.log(stdout.trim())
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
