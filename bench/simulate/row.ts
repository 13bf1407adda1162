/**
 * A row of `npm run bench:simulate`, in a process of its own:
 * `node row.ts WORLD USERS HOURS RUNS [--rulers]`, or without anything to have the modules cached. The telephone has calls a
 * minute in place of users.
 */
import { inlineDeeply } from '../../src/simulate/edge/inline-deeply.ts'
import { simulate } from '../../src/simulate/simulate.ts'
import { Simulation } from '../../src/simulate/simulation.ts'
import { bytesOfKernel, bytesOfWhole } from './allocation.ts'
import { installSimpy, type RulerRun, runBareLoop, type SimpyRun } from './rulers.ts'
import { levelOf, worlds } from './worlds.ts'

const [world, usersText, hoursText, runsText, besideRulers] = process.argv.slice(2)
if (world === undefined) process.exit()
inlineDeeply()
const users = Number(usersText)
const runs = Number(runsText)
/** Until then V8 still makes better code: the summary is worked out a block at a time, and blocks are few. */
const warmingUp = 6
const nobody = (): void => {}
const simpy = besideRulers === undefined ? undefined : installSimpy()
const versusSimpy: SimpyRun[] = []
const versusLoop: RulerRun[] = []
await row()
simpy?.close()

interface Timed {
  readonly seconds: number
  readonly cpuSeconds: number
}

async function row(): Promise<void> {
  const workload = worlds[world!]!(users)
  const measuredMs = Number(hoursText) * 3_600_000
  const options = { level: levelOf(workload, users), seed: 1, warmupMs: 600_000, measuredMs }
  const kernels: Timed[] = []
  const wholes: Timed[] = []
  let events = 0
  for (let run = -warmingUp; run < runs; run++) {
    const simulation = new Simulation(workload, options, nobody, nobody)
    kernels.push(timed(() => simulation.run()))
    events = simulation.events
    wholes.push(timed(() => simulate(workload, options)))
    if (run >= 0 && besideRulers !== undefined) versusLoop.push(runBareLoop(users, events / 2, run + 1))
    if (run >= 0 && simpy) versusSimpy.push(simpy.run(run + 1))
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
    world!.padEnd(18),
    String(users).padStart(7),
    String(events).padStart(9),
    ...[kernel, whole].map((each) => each.toFixed(2).padStart(8)),
    '  |',
    kernelCpu.toFixed(2).padStart(14),
    wholeCpu.toFixed(2).padStart(8),
    '  |',
    bytesOfKernel(workload, options, events).toFixed(1).padStart(13),
    (await bytesOfWhole(workload, options, events)).toFixed(1).padStart(8),
  )
  if (versusLoop.length > 0) compareWithLoop(whole, wholeCpu)
  if (versusSimpy.length > 0) compareWithSimpy(whole, wholeCpu)
}

function compareWithLoop(whole: number, wholeCpu: number): void {
  const { rate, rateCpu } = ratesOf(versusLoop)
  console.log(
    `  the same as a bare loop over arrays: ${rate.toFixed(2)} on the wall, ${rateCpu.toFixed(2)} of CPU;`,
    `Plimsoll with records and summary is ${(whole / rate).toFixed(2)} and ${(wholeCpu / rateCpu).toFixed(2)} times as fast`,
  )
}

function compareWithSimpy(whole: number, wholeCpu: number): void {
  const [{ version, python, meanTurnSeconds }] = versusSimpy as [SimpyRun]
  const { rate, rateCpu } = ratesOf(versusSimpy)
  console.log(
    `  the same on SimPy ${version}, CPython ${python}:`,
    `${rate.toFixed(3)} on the wall, ${rateCpu.toFixed(3)} of CPU; Plimsoll with records and summary is`,
    `${(whole / rate).toFixed(1)} and ${(wholeCpu / rateCpu).toFixed(1)} times as fast (mean turn there ${meanTurnSeconds.toFixed(2)} s)`,
  )
}

/** Million events a second. */
function ratesOf(runs: readonly RulerRun[]): { rate: number; rateCpu: number } {
  return {
    rate: median(runs.map(({ events, seconds }) => events / seconds)) / 1e6,
    rateCpu: median(runs.map(({ events, cpuSeconds }) => events / cpuSeconds)) / 1e6,
  }
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
