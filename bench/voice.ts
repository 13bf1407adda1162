/**
 * How many calls one core plays. Callers, each frame of their sound and all that they hear are in this process, with
 * every thread of it on core 0; the voice server is another process on core 1; there is no carrier, no model and no
 * provider. Frames are due every 20 ms of an absolute schedule; late is from that instant until the frame is written to
 * its socket; `loop` is how late the event loop is, and so at most what is heard.
 *
 *   npm run bench:voice -- --calls 250,500,1000 --seconds 8
 *
 * On a machine with other work, `waited` says for how much of a second this process was ready to run and had no core:
 * that much is not its own. Real-time priority takes it away: `chrt -f 1 npm run bench:voice`.
 */
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startSelfProbe } from '../src/host/edge/self-probe.ts'
import { startCallers } from '../src/load/calls/call-players.ts'
import { sleep, startRunClock } from '../src/load/edge/run-clock.ts'
import { shapeOfLevel } from '../src/load/stages.ts'
import { createSessions } from '../src/sessions/sessions.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '250,500,750,900,1000,1100,1250,1500' },
    seconds: { type: 'string', default: '8' },
  },
})
const { workload } = parseWorkload(
  'phone: { calls: 60/min, duration: 10m, turns: 12/min, blocked: 1% }\nmodel: { output: 5 }\n',
)
const appearMs = 4000
const settleMs = 2000

const program = fileURLToPath(new URL('voice/target.ts', import.meta.url))
const isPinned = process.platform === 'linux' && cpus().length > 1
if (isPinned) execFileSync('taskset', ['-acp', '0', String(process.pid)])
const argv = [...(isPinned ? ['taskset', '-c', '1'] : []), process.execPath, program]
const target = spawn(argv[0]!, argv.slice(1), { stdio: ['ignore', 'pipe', 'inherit'] })
const [address] = (await once(target.stdout, 'data')) as [Buffer]
const goalMs = 5
console.log(
  `${cpus()[0]!.model}, node ${process.version}, load average ${loadavg()[0]!.toFixed(1)}; ` +
    `${isPinned ? 'callers on core 0, voice server on core 1' : 'nothing is pinned'}\n`,
)
console.log(
  '| calls | frames/s sent | messages/s heard | late p50 | p99 | max | loop p99 | cores | waited | server’s cores |',
)
console.log('|---|---|---|---|---|---|---|---|---|---|')
try {
  let most = 0
  let isKept = true
  for (const calls of values.calls.split(',').map(Number)) {
    const p99Ms = await row(calls)
    isKept &&= p99Ms <= goalMs
    if (isKept) most = calls
  }
  console.log(`\nThe most calls up to which p99 is within ${goalMs} ms: ${most || 'none of these'}`)
} finally {
  target.kill()
}

async function row(calls: number): Promise<number> {
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
  const probe = startSelfProbe()
  const scheduledBefore = { self: scheduled(process.pid), target: scheduled(target.pid!) }
  const heardBefore = callers.heard()
  const fromMs = clock.now()
  callers.restart()
  await sleep(clock, measuredMs)
  const seconds = (clock.now() - fromMs) / 1000
  const used = probe.read()
  const after = { self: scheduled(process.pid), target: scheduled(target.pid!) }
  const { sent, latenessP50Ms, latenessP99Ms, latenessMaxMs } = callers.frames()
  const heard = callers.heard() - heardBefore
  probe.stop()
  const active = callers.active()
  callers.stop()
  cut.abort()
  await callers.gone
  await callers.close()
  clock.stop()
  const cells = [
    active,
    Math.round(sent / seconds),
    Math.round(heard / seconds),
    ...[latenessP50Ms, latenessP99Ms, latenessMaxMs].map((value) => `${value.toFixed(2)} ms`),
    `${used.loopDelayP99Ms.toFixed(1)} ms`,
    used.cores.toFixed(2),
    ((after.self.waitedSeconds - scheduledBefore.self.waitedSeconds) / seconds).toFixed(2),
    ((after.target.ranSeconds - scheduledBefore.target.ranSeconds) / seconds).toFixed(2),
  ]
  console.log(`| ${cells.join(' | ')} |`)
  return latenessP99Ms
}

/** What Linux knows of a process's main thread. */
function scheduled(pid: number): { readonly ranSeconds: number; readonly waitedSeconds: number } {
  if (process.platform !== 'linux') return { ranSeconds: NaN, waitedSeconds: NaN }
  const [ran, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ').map(Number)
  return { ranSeconds: ran! / 1e9, waitedSeconds: waited! / 1e9 }
}
