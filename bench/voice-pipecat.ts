/**
 * A voice server that Plimsoll did not write, carried to its capacity: pipecat behind its Twilio transport, with speech
 * and model played. A quiet run tells what a turn costs it in CPU; plan predicts from that how many calls one process
 * carries, and find measures it.
 *
 *   npm run bench:voice-pipecat -- --probes 5 --voice elevenlabs
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    probes: { type: 'string', default: '5' },
    quiet: { type: 'string', default: '0.25/s' },
    voice: { type: 'string', default: 'deepgram' },
    'warm-up': { type: 'string', default: '20s' },
    measured: { type: 'string', default: '40s' },
  },
})
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))
const program = here('../bin/plimsoll.js')
const file = here('voice/pipecat.yaml')
const environment = here('../node_modules/.cache/testers/voice')
const python = process.env['PLIMSOLL_VOICE_PYTHON'] ?? `${environment}/bin/python`
const start = `PIPECAT_VOICE=${values.voice} '${python}' '${here('voice/pipecat_server.py')}'`

interface Measured {
  readonly phone: { readonly active: { readonly mean: number } }
  readonly turns: { readonly perSecond: number }
  readonly latency: { readonly ttftMs: { readonly p50: number; readonly p95: number } }
  readonly server: { readonly cpuCores: number; readonly cpuMsPerTurn: number }
  readonly generator: { readonly valid: boolean }
}

function plimsoll(...command: readonly string[]): unknown {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...command, '--json'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (![0, 99, 109].includes(status ?? 1)) throw new Error(stderr)
  return JSON.parse(stdout)
}

if (!existsSync(python)) {
  console.log('installing pipecat (once)')
  execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' })
  const pip = ['install', '--quiet', '-r', here('voice/requirements.txt')]
  execFileSync(`${environment}/bin/pip`, pip, { stdio: 'inherit' })
}

const spell = ['--arrivals', values.quiet, '--duration', values.measured, '--warm-up', values['warm-up']]
const quiet = plimsoll('load', file, '--start', start, ...spell) as Measured
const { cpuCores, cpuMsPerTurn } = quiet.server
console.log(
  `quiet run: ${quiet.phone.active.mean.toFixed(1)} calls at once, response p50 ${seconds(quiet.latency.ttftMs.p50)}, ` +
    `${cpuCores.toFixed(2)} cores, ${cpuMsPerTurn.toFixed(0)} ms of CPU a turn`,
)

const cpu = `agent.overhead.cpuPerCall=${cpuMsPerTurn.toFixed(1)}ms`
const plan = plimsoll('plan', file, '--set', cpu) as {
  phone: { servers: { callsEach: number; headroom: number; boundBy: string } }
}
const { callsEach, headroom, boundBy } = plan.phone.servers
console.log(`plan: ${Math.round(callsEach / headroom)} calls at once at most, bound by the ${boundBy}`)

if (values.probes !== '0') {
  const search = ['--probes', values.probes, '--warm-up', values['warm-up'], '--measured', values.measured]
  const found = spawnSync(
    process.execPath,
    [program, 'find', file, '--start', start, '--set', cpu, ...search],
    {
      stdio: 'inherit',
    },
  )
  process.exitCode = found.status ?? 1
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
