/**
 * What a run allocates in the steady state, with records and summary, as V8 compiles it for who does not ask it to
 * inline deeply: `node bytes-an-event.ts WORLD USERS HOURS RUNS` answers the fewest bytes an event of several runs, as
 * V8 makes its last code late. With `--single-threaded` it makes it at the same event on every machine.
 */
import { Simulation } from '../../src/simulate/simulation.ts'
import { bytesOfWhole } from './allocation.ts'
import { levelOf, worlds } from './worlds.ts'

const [world, usersText, hoursText, runs] = process.argv.slice(2)
const users = Number(usersText)
const workload = worlds[world!]!(users)
const options = {
  level: levelOf(workload, users),
  seed: 1,
  warmupMs: 600_000,
  measuredMs: Number(hoursText) * 3_600_000,
}
const first = new Simulation(workload, options, () => {})
first.run()
let fewest = Infinity
for (let run = 0; run < Number(runs); run++)
  fewest = Math.min(fewest, await bytesOfWhole(workload, options, first.events))
console.log(fewest.toFixed(2))
