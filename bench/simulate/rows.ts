/** The rows of `npm run bench:simulate`. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { inlineDeeply } from '../../src/simulate/edge/inline-deeply.ts'
import { simulate } from '../../src/simulate/simulate.ts'
import { Simulation } from '../../src/simulate/simulation.ts'
import type { Workload } from '../../src/workload/workload.ts'
import { installSimpy, type SimpyRun } from './simpy.ts'
import { engine, fleet, read, repairman } from './worlds.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    most: { type: 'string', default: '100000' },
    whole: { type: 'boolean', default: false },
    'load-only': { type: 'boolean', default: false },
  },
})
if (values['load-only']) process.exit()
inlineDeeply()
const runs = Number(values.runs)
/** Until then V8 still throws code away that it has made for the first world. */
const warmingUp = 3
const nobody = (): void => {}
const hourMs = 3_600_000
const example = fileURLToPath(new URL('../../examples/customer-support.yaml', import.meta.url))
const customerSupport = read(readFileSync(example, 'utf8'), example)

console.log(
  `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
)
console.log('\nM events/s           users   events   kernel    whole   | of CPU: kernel    whole')
const simpy = installSimpy()
const versus: SimpyRun[] = []
row('machine repairman', repairman, 50, 200, (i) => simpy && versus.push(simpy.run(i)))
simpy?.close()
row('machine repairman', repairman, 200, 200)
row('inference engine', engine, 40, 100)
row('customer support', customerSupport, 150, 12)
row('customer support', customerSupport, 300, 6)
row('fleet, depth 8', fleet(1000), 1000, 1)

console.log('\nfleet, depth 8   minutes     turns     calls      429s   seconds  of CPU  ns a call       MB')
for (let users = 100; users <= Number(values.most); users *= 10)
  fleetFor(users, values.whole ? 60 : Math.min(60, 600_000 / users))

interface Timed {
  readonly seconds: number
  readonly cpuSeconds: number
}

function row(
  name: string,
  workload: Workload,
  users: number,
  hours: number,
  between: (run: number) => void = () => {},
): void {
  const options = { level: { users }, seed: 1, warmupMs: 600_000, measuredMs: hours * hourMs }
  const kernels: Timed[] = []
  const wholes: Timed[] = []
  let events = 0
  for (let run = -warmingUp; run < runs; run++) {
    const simulation = new Simulation(workload, options, nobody, nobody)
    kernels.push(timed(() => simulation.run()))
    events = simulation.events
    wholes.push(timed(() => simulate(workload, options)))
    if (run >= 0) between(run + 1)
  }
  const rate = (all: readonly Timed[], of: (one: Timed) => number): number =>
    events / median(all.slice(warmingUp).map(of)) / 1e6
  const [kernel, whole, kernelCpu, wholeCpu] = [
    rate(kernels, ({ seconds }) => seconds),
    rate(wholes, ({ seconds }) => seconds),
    rate(kernels, ({ cpuSeconds }) => cpuSeconds),
    rate(wholes, ({ cpuSeconds }) => cpuSeconds),
  ]
  console.log(
    name.padEnd(18),
    String(users).padStart(7),
    String(events).padStart(9),
    ...[kernel, whole].map((each) => each.toFixed(2).padStart(8)),
    '  |',
    kernelCpu.toFixed(2).padStart(14),
    wholeCpu.toFixed(2).padStart(8),
  )
  if (versus.length > 0) compareWithSimpy(whole, wholeCpu)
}

function compareWithSimpy(whole: number, wholeCpu: number): void {
  const [{ version, python, meanTurnSeconds }] = versus as [SimpyRun]
  const rate = median(versus.map(({ events, seconds }) => events / seconds)) / 1e6
  const rateCpu = median(versus.map(({ events, cpuSeconds }) => events / cpuSeconds)) / 1e6
  versus.length = 0
  console.log(
    `  the same on SimPy ${version}, CPython ${python}:`,
    `${rate.toFixed(3)} on the wall, ${rateCpu.toFixed(3)} of CPU; Plimsoll with records and summary is`,
    `${(whole / rate).toFixed(1)} and ${(wholeCpu / rateCpu).toFixed(1)} times as fast (mean turn there ${meanTurnSeconds.toFixed(2)} s)`,
  )
}

function fleetFor(users: number, minutes: number): void {
  const program = fileURLToPath(new URL('one-hour.ts', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, String(users), String(minutes)], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  const { seconds, cpuSeconds, mb, turns, calls, rateLimited } = JSON.parse(stdout) as Record<string, number>
  console.log(
    `${users} users`.padEnd(15),
    String(minutes).padStart(8),
    String(turns).padStart(9),
    String(calls).padStart(9),
    String(rateLimited).padStart(9),
    seconds!.toFixed(1).padStart(9),
    cpuSeconds!.toFixed(1).padStart(7),
    ((cpuSeconds! / calls!) * 1e9).toFixed(0).padStart(10),
    mb!.toFixed(0).padStart(8),
  )
}

function timed(run: () => void): Timed {
  const startedAtMs = performance.now()
  const startedCpu = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(startedCpu)
  return { seconds: (performance.now() - startedAtMs) / 1000, cpuSeconds: (user + system) / 1e6 }
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!
}
