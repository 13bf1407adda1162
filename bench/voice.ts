/**
 * How many calls one core plays: callers in this process, the voice server in another. Frames are due every 20 ms of
 * an absolute schedule; what is measured is by how much later they were handed to the socket, and the CPU.
 *
 *   npm run bench:voice -- --calls 250,500,1000 --seconds 8
 *
 * Where the machine has two cores or more, run it as `taskset -c 0`: the voice server takes another one by itself.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startCallers } from '../src/load/calls/call-players.ts'
import { sleep, startRunClock } from '../src/load/edge/run-clock.ts'
import { shapeOfLevel } from '../src/load/stages.ts'
import { createSessions } from '../src/sessions/sessions.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '100,250,500,750,1000,1250,1500' },
    seconds: { type: 'string', default: '8' },
  },
})
const { workload } = parseWorkload(
  'phone: { calls: 60/min, duration: 10m, turns: 12/min, blocked: 1% }\nmodel: { output: 5 }\n',
)
const appearMs = 4000
const settleMs = 2000

const program = fileURLToPath(new URL('voice/target.ts', import.meta.url))
const pinned = process.platform === 'linux' && cpus().length > 1 ? ['taskset', '-c', '1'] : []
const argv = [...pinned, process.execPath, program]
const target = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
const [address] = (await once(target.stdout, 'data')) as [Buffer]
console.log(`${cpus()[0]!.model}, node ${process.version}, load average ${loadavg()[0]!.toFixed(1)}\n`)
console.log(
  '| calls | frames/s sent | messages/s heard | late p50 | p99 | max | cores | ms of CPU a call-second |',
)
console.log('|---|---|---|---|---|---|---|---|')
try {
  for (const calls of values.calls.split(',').map(Number)) console.log(await row(calls))
} finally {
  target.kill()
}

async function row(calls: number): Promise<string> {
  const clock = startRunClock(1)
  const cut = new AbortController()
  const level = { sessionsPerSecond: (calls * 1000) / appearMs }
  const sessions = createSessions(workload!, 1, level)
  const measuredMs = Number(values.seconds) * 1000
  const callers = startCallers(
    {
      workload: workload!,
      sessions: { ...sessions, unitArrival: (session) => (session < calls ? session : Infinity) },
      clock,
      cut: cut.signal,
    },
    { driver: 'twilio', target: address.toString().trim(), runId: `bench ${calls}`, marker: 'suffix' },
    shapeOfLevel(level, appearMs + settleMs + measuredMs),
    { turnStarted: () => {}, turnEnded: () => {}, callEnded: () => {} },
  )
  await sleep(clock, appearMs + settleMs)
  const before = process.cpuUsage()
  const heardBefore = callers.heard()
  const fromMs = clock.now()
  callers.restart()
  await sleep(clock, measuredMs)
  const seconds = (clock.now() - fromMs) / 1000
  const used = process.cpuUsage(before)
  const { sent, latenessP50Ms, latenessP99Ms, latenessMaxMs } = callers.frames()
  const heard = callers.heard() - heardBefore
  const active = callers.active()
  callers.stop()
  cut.abort()
  await callers.gone
  await callers.close()
  clock.stop()
  const cores = (used.user + used.system) / 1e6 / seconds
  const ms = (value: number): string => `${value.toFixed(2)} ms`
  return `| ${active} | ${Math.round(sent / seconds)} | ${Math.round(heard / seconds)} | ${ms(latenessP50Ms)} | ${ms(latenessP99Ms)} | ${ms(latenessMaxMs)} | ${cores.toFixed(2)} | ${((cores * 1000) / active).toFixed(2)} |`
}
