/**
 * A row of `npm run bench:simulate`, in a process of its own:
 * `node row.ts WORLD USERS HOURS RUNS [--simpy]`, or without anything to have the modules cached. The telephone has calls a
 * minute in place of users.
 */
import { inlineDeeply } from '../../src/simulate/edge/inline-deeply.ts'
import { simulate } from '../../src/simulate/simulate.ts'
import { Simulation } from '../../src/simulate/simulation.ts'
import { bytesOfKernel, bytesOfWhole } from './allocation.ts'
import { installSimpy, runBareLoop, type SimpyRun, type Timed } from './rulers.ts'
import { levelOf, worlds } from './worlds.ts'

const [world, usersText, hoursText, runsText, besideSimpy] = process.argv.slice(2)
if (world === undefined) process.exit()
inlineDeeply()
const users = Number(usersText)
const runs = Number(runsText)
/** Until then V8 still makes better code: the summary is worked out a block at a time, and blocks are few. */
const warmingUp = 6
const nobody = (): void => {}
const simpy = besideSimpy === undefined ? undefined : installSimpy()
const versusSimpy: SimpyRun[] = []
await row()
simpy?.close()

/** Million events a second, on the wall and of CPU. */
interface Rates {
  readonly rate: number
  readonly rateCpu: number
}

async function row(): Promise<void> {
  const workload = worlds[world!]!(users)
  const measuredMs = Number(hoursText) * 3_600_000
  const options = { level: levelOf(workload, users), seed: 1, warmupMs: 600_000, measuredMs }
  const kernels: Timed[] = []
  const wholes: Timed[] = []
  const loops: Timed[] = []
  let events = 0
  for (let run = -warmingUp; run < runs; run++) {
    const simulation = new Simulation(workload, options, nobody, nobody)
    const kernel = timed(() => simulation.run())
    events = simulation.events
    const whole = timed(() => simulate(workload, options))
    if (run < 0) continue
    kernels.push({ ...kernel, events })
    wholes.push({ ...whole, events })
    loops.push(runBareLoop(run + 1))
    if (simpy) versusSimpy.push(simpy.run(run + 1))
  }
  const rates = [kernels, wholes, loops].map(ratesOf)
  console.log(
    world!.padEnd(18),
    String(users).padStart(7),
    String(events).padStart(9),
    ...rates.map(({ rate }) => rate.toFixed(2).padStart(8)),
    ofLoop(wholes, loops).padStart(8),
    '  |',
    ...rates.map(({ rateCpu }, i) => rateCpu.toFixed(2).padStart(i === 0 ? 14 : 8)),
    '  |',
    bytesOfKernel(workload, options, events).toFixed(1).padStart(13),
    (await bytesOfWhole(workload, options, events)).toFixed(1).padStart(8),
  )
  if (versusSimpy.length > 0) compareWithSimpy(rates[1]!)
}

/** A run beside the loop that ran after it. */
function ofLoop(wholes: readonly Timed[], loops: readonly Timed[]): string {
  const rateOf = ({ events, seconds }: Timed): number => events / seconds
  return median(wholes.map((whole, i) => rateOf(whole) / rateOf(loops[i]!))).toFixed(2)
}

function compareWithSimpy(whole: Rates): void {
  const [{ version, python, meanTurnSeconds }] = versusSimpy as [SimpyRun]
  const { rate, rateCpu } = ratesOf(versusSimpy)
  console.log(
    `  the same on SimPy ${version}, CPython ${python}:`,
    `${rate.toFixed(3)} on the wall, ${rateCpu.toFixed(3)} of CPU; Plimsoll with records and summary is`,
    `${(whole.rate / rate).toFixed(1)} and ${(whole.rateCpu / rateCpu).toFixed(1)} times as fast (mean turn there ${meanTurnSeconds.toFixed(2)} s)`,
  )
}

function ratesOf(runs: readonly Timed[]): Rates {
  return {
    rate: median(runs.map(({ events, seconds }) => events / seconds)) / 1e6,
    rateCpu: median(runs.map(({ events, cpuSeconds }) => events / cpuSeconds)) / 1e6,
  }
}

function timed(run: () => void): Omit<Timed, 'events'> {
  const startedAtMs = performance.now()
  const startedCpu = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(startedCpu)
  return { seconds: (performance.now() - startedAtMs) / 1000, cpuSeconds: (user + system) / 1e6 }
}

function median(all: readonly number[]): number {
  return all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!
}
