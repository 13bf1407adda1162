/**
 * Events a second of the simulator on one core: medians of repeated runs, after six to warm up, each row in a process
 * of its own, as who runs a file has it. An event is one pop of the event queue. Limits of turns that have ended before
 * them never enter the queue, and do not count.
 *
 *   npm run bench:simulate -- --runs 5 --most 100000 --whole
 *
 * `kernel`: users, agent, calls and the event queue, records told to nobody. `whole`: `simulate(workload)`, the workload
 * read from YAML, with records, percentiles and their intervals. Each by the clock on the wall and by the CPU seconds of
 * the process, which other work on the machine disturbs less. The machine repairman also runs on SimPy, turn by turn
 * with ours (installed with pip into a temporary folder; both count the end of think and the end of repair).
 * `loop`: a ruler, turn by turn with each row: the machine repairman of 50 users as a bare loop over arrays, as fast as the
 * machine and V8 are in that minute. What a row comes to beside it can be told to other machines and hours: `of loop`, whole.
 * Where 8 million events a second of the repairman were aimed at, and 3 of a whole agent, it made 11 to 13: 0.67 and 0.25.
 * `bytes`: what V8 allocates for an event in the steady state, whenever it is freed.
 * Then one hour of a fleet of agents, from 100 to `--most` users, each in a process of its own; beyond 10,000 users so
 * many minutes of it as there are calls in the hour of 10,000, or with `--whole` all of it, which takes minutes.
 *
 * Node takes the types out of the source by WebAssembly, whose growing memory makes V8 look, at every use of an array of
 * numbers, whether the array is still there: a tenth of the time, which neither a package nor a checkout whose modules
 * are cached spends. So the modules are cached first.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cache = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
const row = fileURLToPath(new URL('simulate/row.ts', import.meta.url))
const rows = fileURLToPath(new URL('simulate/rows.ts', import.meta.url))
try {
  for (const args of [[row], [rows, ...process.argv.slice(2)]]) {
    const env = { ...process.env, NODE_COMPILE_CACHE: cache }
    const { status } = spawnSync(process.execPath, args, { env, stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
} finally {
  rmSync(cache, { recursive: true, force: true })
}
