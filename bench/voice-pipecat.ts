/**
 * A voice server that Plimsoll did not write, carried to its capacity: pipecat behind its Twilio transport, one process
 * on one core, with speech and model played. Two runs far from it, a light one and a heavier one, tell what a
 * call and a turn cost it in CPU; plan and simulate predict from that how many calls it carries, and find measures it.
 *
 *   npm run bench:voice-pipecat -- --probes 5 --voice elevenlabs
 *
 * Seven to eight minutes. On a machine with other work in real-time priority, which pipecat inherits:
 * `chrt -r 1 npm run bench:voice-pipecat`. Not `-f`: threads that share a core would wait for each other for ever.
 */
import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { callCpu } from '../src/fit/call-cpu.ts'
import { pipecatPython } from './voice/pipecat-python.ts'

const { values } = parseArgs({
  options: {
    probes: { type: 'string', default: '4' },
    light: { type: 'string', default: '0.25/s' },
    heavier: { type: 'string', default: '0.4/s' },
    voice: { type: 'string', default: 'deepgram' },
    'warm-up': { type: 'string', default: '20s' },
    measured: { type: 'string', default: '40s' },
  },
})
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const program = here('../bin/plimsoll.js')
const file = here('voice/pipecat.yaml')
// One core for pipecat, another for the callers and all that is played behind it.
const isPinned = process.platform === 'linux' && availableParallelism() > 1
const onCore = (core: number): string => (isPinned ? `taskset -c ${core} ` : '')
const start = `PIPECAT_VOICE=${values.voice} exec ${onCore(1)}'${pipecatPython()}' '${here('voice/pipecat_server.py')}'`

interface Measured {
  readonly level: { readonly sessionsPerSecond: number }
  readonly phone: {
    readonly active: { readonly mean: number }
    readonly calls: Readonly<Record<'completed' | 'ended', number>>
  }
  readonly turns: { readonly perSecond: number }
  readonly latency: { readonly ttftMs?: { readonly p50: number; readonly p95: number } }
  readonly server?: { readonly cpuCores: number }
  readonly generator?: { readonly valid: boolean; readonly reasons: readonly string[] }
}

interface Capacity {
  readonly origin: string
  readonly level: { readonly sessionsPerSecond: number }
  readonly low?: number
  readonly high?: number
  readonly phone?: { readonly heldMs: number }
  readonly probes: readonly { readonly level: Measured['level']; readonly summary: Measured }[]
}

interface Found {
  readonly capacities: readonly Capacity[]
  readonly verdict: readonly { readonly label: string; readonly text: string }[]
}

function plimsoll(...command: readonly string[]): { readonly answer: unknown; readonly status: number } {
  const argv = [...onCore(0).split(' ').slice(0, -1), process.execPath, program, ...command, '--json']
  const { stdout, stderr, status } = spawnSync(argv[0]!, argv.slice(1), {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (![0, 99, 109].includes(status ?? 1)) throw new Error(stderr)
  return { answer: JSON.parse(stdout) as unknown, status: status ?? 1 }
}

const spell = ['--warm-up', values['warm-up']]
function lightly(arrivals: string): Measured {
  const rate = ['--arrivals', arrivals, '--duration', values.measured]
  const answer = plimsoll('load', file, '--start', start, ...rate, ...spell).answer as Measured
  if (answer.generator?.valid === false) console.log(`not valid: ${answer.generator.reasons.join('; ')}`)
  return answer
}

const runOf = ({ phone, turns, server }: Measured) => ({
  calls: phone.active.mean,
  turnsPerSecond: turns.perSecond ?? 0,
  cores: server!.cpuCores,
})

function simulated(perSecond: number, set: readonly string[]): Measured {
  const rate = ['--arrivals', `${perSecond}/s`, '--duration', '1h', '--warm-up', '2m']
  return plimsoll('simulate', file, ...rate, ...set).answer as Measured
}

console.log(`${cpus()[0]!.model}, node ${process.version}, load average ${loadavg()[0]!.toFixed(1)}\n`)
const light = lightly(values.light)
const heavier = lightly(values.heavier)
const p50 = light.latency.ttftMs!.p50
const restMs = p50 - simulated(light.level.sessionsPerSecond, []).latency.ttftMs!.p50
const { perSecondMs, perTurnMs } = callCpu(runOf(light), runOf(heavier), restMs)
for (const run of [light, heavier])
  console.log(
    `${run.phone.active.mean.toFixed(1)} calls at once: ${run.server!.cpuCores.toFixed(2)} cores, ` +
      `${((run.server!.cpuCores * 1000) / run.phone.active.mean).toFixed(0)} ms of CPU for each second of a call, ` +
      `response p50 ${seconds(run.latency.ttftMs!.p50)}`,
  )
console.log(
  `so ${perSecondMs.toFixed(0)} ms go with the call, and ${perTurnMs.toFixed(0)} ms of a turn come before its sound: ` +
    `a response takes ${restMs.toFixed(0)} ms more than what is played\n`,
)
const set = ['--set', `agent.voice.cpuPerSecond=${perSecondMs.toFixed(2)}ms`]
set.push('--set', `agent.overhead.cpuPerCall=${perTurnMs.toFixed(1)}ms`)

const trials = ['--start', start, '--probes', values.probes, ...spell, '--measured', values.measured]
const search = values.probes === '0' ? ['--engine', 'simulate'] : trials
const { answer, status } = plimsoll('find', file, ...set, ...search)
const found = answer as Found
for (const { label, text } of found.verdict) console.log(label === '' ? text : `${label}: ${text}`)

console.log('\n|  | calls/min | calls at once |\n|---|---:|---:|')
for (const { origin, level, low, high, phone } of found.capacities) {
  const perMinute = (perSecond: number): string => (perSecond * 60).toFixed(1)
  const calls = ((level.sessionsPerSecond * (phone?.heldMs ?? NaN)) / 1000).toFixed(1)
  const range = low === undefined ? '' : ` (${perMinute(low)} to ${perMinute(high ?? Infinity)})`
  console.log(`| ${origin} | ${perMinute(level.sessionsPerSecond)}${range} | ${calls} |`)
}

console.log('\n| calls at once | cores | simulated | response p50, p95 | simulated | completed | simulated |')
console.log('|---:|---:|---:|---:|---:|---:|---:|')
const measured = found.capacities.find(({ origin }) => origin === 'measured')
for (const summary of [light, heavier, ...(measured?.probes ?? []).map((probe) => probe.summary)].toSorted(
  (one, other) => one.level.sessionsPerSecond - other.level.sessionsPerSecond,
))
  console.log(row(summary, simulated(summary.level.sessionsPerSecond, set)))
process.exitCode = status

function row(seen: Measured, predicted: Measured): string {
  const response = ({ latency }: Measured): string =>
    latency.ttftMs ? `${seconds(latency.ttftMs.p50)}, ${seconds(latency.ttftMs.p95)}` : '–'
  const completed = ({ phone }: Measured): string =>
    `${((phone.calls.completed / phone.calls.ended) * 100).toFixed(0)} %`
  const cores = seen.server?.cpuCores.toFixed(2) ?? '–'
  const of = (predicted.phone.active.mean * perSecondMs + predicted.turns.perSecond * perTurnMs) / 1000
  const cells = [seen.phone.active.mean.toFixed(1), cores, Math.min(1, of).toFixed(2)]
  cells.push(response(seen), response(predicted), completed(seen), completed(predicted))
  return `| ${cells.join(' | ')} |`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
