/**
 * The simulated provider beside other ones: the same streams, each server on one core and the reader on the other, in one
 * run.
 *
 *   npm run bench:provider -- --runs 3 --llmd PATH
 *
 * @copilotkit/aimock is installed into a temporary folder. --llmd names the binary of llm-d-inference-sim, which no
 * registry holds. A stream asks again as soon as it has ended; what is due is (streams × rate) less the time to first
 * token.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '15' },
    streams: { type: 'string', default: '200x50,1000x50,1600x50,10000x10' },
    aimock: { type: 'string' },
    llmd: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-provider-'))
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

interface Stream {
  readonly tokens: number
  readonly firstMs: number
  readonly gapMs: number
}

interface Provider {
  readonly name: string
  args(stream: Stream, port: number): string[]
}

const plimsoll: Provider = {
  name: 'plimsoll',
  args({ tokens, firstMs, gapMs }, port) {
    const file = join(folder, 'bench.yaml')
    writeFileSync(
      file,
      `name: bench\nscenarios: [{ depth: 1 }]\n` +
        `model: { id: bench, output: ${tokens}, ttft: ${firstMs}ms, perToken: ${gapMs}ms }\n`,
    )
    return [process.execPath, here('../bin/plimsoll.js'), 'provider', file, '--port', String(port), '--quiet']
  },
}

/** One answer for everything, in chunks of four characters. */
const aimock = (path: string): Provider => ({
  name: 'aimock',
  args({ tokens, firstMs, gapMs }, port) {
    const fixtures = join(folder, 'fixtures.json')
    const answer = {
      match: { endpoint: 'chat' },
      response: { content: 'abc '.repeat(tokens) },
      streamingProfile: { ttft: firstMs, tps: 1000 / gapMs },
      chunkSize: 4,
    }
    writeFileSync(fixtures, JSON.stringify({ fixtures: [answer] }))
    return [process.execPath, path, '--port', String(port), '--fixtures', fixtures, '--log-level', 'silent']
  },
})

const llmd = (path: string): Provider => ({
  name: 'llm-d-inference-sim',
  args: ({ tokens, firstMs, gapMs }, port) => [
    path,
    `--port=${port}`,
    '--model=bench',
    '--mode=echo',
    '--max-num-seqs=20000',
    `--time-to-first-token=${firstMs}ms`,
    `--inter-token-latency=${gapMs}ms`,
    `--max-model-len=${tokens * 4}`,
  ],
})

function aimockPath(): string {
  if (values.aimock !== undefined) return values.aimock
  execFileSync('npm', ['install', '--silent', '--prefix', folder, '@copilotkit/aimock'], { stdio: 'ignore' })
  return join(folder, 'node_modules/@copilotkit/aimock/dist/cli.js')
}

interface Seen {
  readonly tokens: number
  /** Streams that it cut. */
  readonly broken: number
  readonly gapErrorP50Ms: number
  readonly gapErrorP99Ms: number
  readonly cpuSeconds: number
  readonly peakMb: number
  readonly idleMb: number
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 300 && child.exitCode === null; i++) {
    try {
      await fetch(`http://127.0.0.1:${port}/v1/models`)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  throw new Error('the provider did not come up')
}

const clockTicks = 100
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / clockTicks
}
const megabytesOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number =>
  Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024

async function measure(provider: Provider, streams: number, stream: Stream): Promise<Seen> {
  const port = await freePort()
  const child = spawn('taskset', ['-c', '0', ...provider.args(stream, port)], { stdio: 'ignore' })
  try {
    await untilReady(port, child)
    const idleMb = megabytesOf(child.pid!, 'VmRSS')
    const reader = spawn(
      'taskset',
      [
        '-c',
        '1',
        process.execPath,
        here('provider/reader.ts'),
        `--url=http://127.0.0.1:${port}/v1/chat/completions`,
        `--streams=${streams}`,
        `--seconds=${seconds}`,
        `--gap-ms=${stream.gapMs}`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const lines = createInterface(reader.stdout)
    await once(lines, 'line')
    const before = cpuSecondsOf(child.pid!)
    const [line] = (await once(lines, 'line')) as [string]
    const cpuSeconds = cpuSecondsOf(child.pid!) - before
    const said = JSON.parse(line) as Pick<Seen, 'tokens' | 'broken' | 'gapErrorP50Ms' | 'gapErrorP99Ms'>
    return { ...said, cpuSeconds, peakMb: megabytesOf(child.pid!, 'VmHWM'), idleMb }
  } finally {
    child.kill()
    await once(child, 'exit').catch(() => undefined)
  }
}

const median = (figures: readonly number[]): number => figures.toSorted((a, b) => a - b)[figures.length >> 1]!

const providers = [
  plimsoll,
  aimock(aimockPath()),
  ...(values.llmd !== undefined && existsSync(values.llmd) ? [llmd(values.llmd)] : []),
]
try {
  console.log(
    `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
  )
  for (const shape of values.streams.split(',')) {
    const [streams, rate] = shape.split('x').map(Number) as [number, number]
    const stream: Stream = { tokens: 4 * rate, firstMs: 200, gapMs: 1000 / rate }
    // A stream is 200 ms of waiting and then its tokens.
    const due =
      (streams * stream.tokens * seconds * 1000) / (stream.firstMs + (stream.tokens - 1) * stream.gapMs)
    console.log(`\n${streams} streams at ${rate} tokens/s (median of ${values.runs})`)
    console.log(
      '                      tokens of due  core %  CPU s/M tokens  KB/stream  gap error p50  p99 ms  cut',
    )
    for (const provider of providers) {
      const seen: Seen[] = []
      for (let i = 0; i < Number(values.runs); i++) seen.push(await measure(provider, streams, stream))
      const of = (figure: (each: Seen) => number): number => median(seen.map(figure))
      console.log(
        [
          provider.name.padEnd(20),
          `${(of(({ tokens }) => tokens / due) * 100).toFixed(1)} %`.padStart(14),
          of(({ cpuSeconds }) => (cpuSeconds / seconds) * 100)
            .toFixed(0)
            .padStart(8),
          of(({ cpuSeconds, tokens }) => (cpuSeconds / tokens) * 1e6)
            .toFixed(1)
            .padStart(16),
          of(({ peakMb, idleMb }) => ((peakMb - idleMb) * 1024) / streams)
            .toFixed(0)
            .padStart(11),
          of(({ gapErrorP50Ms }) => gapErrorP50Ms)
            .toFixed(1)
            .padStart(15),
          of(({ gapErrorP99Ms }) => gapErrorP99Ms)
            .toFixed(1)
            .padStart(8),
        ].join(''),
      )
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
