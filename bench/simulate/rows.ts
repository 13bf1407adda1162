/** The rows of `npm run bench:simulate`, each in a process of its own: V8 compiles for all worlds that it has met. */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    most: { type: 'string', default: '100000' },
    whole: { type: 'boolean', default: false },
  },
})

console.log(
  `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
)
console.log(
  '\nM events/s           users   events   kernel    whole     loop  of loop   | of CPU: kernel    whole     loop   | bytes: kernel    whole',
)
row('machine repairman', 50, 200, '--simpy')
row('machine repairman', 200, 200)
row('inference engine', 40, 100)
row('KV cache', 40, 40)
row('customer support', 150, 12)
row('customer support', 300, 6)
row('fleet, depth 8', 1000, 1)
row('live output', 500, 2)
row('telephone', 600, 2)

console.log('\nfleet, depth 8   minutes     turns     calls      429s   seconds  of CPU  ns a call       MB')
for (let users = 100; users <= Number(values.most); users *= 10)
  fleetFor(users, values.whole ? 60 : Math.min(60, 600_000 / users))

function row(world: string, users: number, hours: number, ...more: readonly string[]): void {
  process.stdout.write(
    output(new URL('row.ts', import.meta.url), world, String(users), String(hours), values.runs, ...more),
  )
}

function fleetFor(users: number, minutes: number): void {
  const found = JSON.parse(
    output(new URL('one-hour.ts', import.meta.url), String(users), String(minutes)),
  ) as Record<string, number>
  const { seconds, cpuSeconds, mb, turns, calls, rateLimited } = found
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

/** What a program beside this one says. */
function output(program: URL, ...args: readonly string[]): string {
  const all = [fileURLToPath(program), ...args]
  const { stdout, stderr, status } = spawnSync(process.execPath, all, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}
