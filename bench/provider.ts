/**
 * The simulated provider beside other ones: the same streams, each server on one core and the reader on the other, in one
 * run.
 *
 *   npm run bench:provider -- --runs 3 --llmd PATH --llmsim PATH
 *
 * `bare` is a server that knows neither requests nor answers: what it needs and how late it is, is the machine's and Node's.
 * Other peers are installed into a temporary folder: @copilotkit/aimock by npm, llm-d-inference-sim by go, llmsim by cargo;
 * --aimock, --llmd and --llmsim name what is there already, --peers says which to compare. A stream has `--tokens` 200 and
 * asks again as soon as it has ended; with 3000 its answer outlasts the run. Each token is due at an instant that follows from
 * its request alone: `of due` are those that came, `late` came more than 20 ms after it. `--workers 1,2` compares threads:
 * where there are several, they have both cores, of which the reader takes its share.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Measured, measure } from './provider/measure.ts'
import { aimock, bare, llmd, llmsim, type Peer, plimsoll } from './provider/peers.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '15' },
    streams: { type: 'string', default: '200x50,1000x50,1600x50,10000x10' },
    peers: { type: 'string', default: 'bare,aimock,llmd,llmsim' },
    workers: { type: 'string', default: '1' },
    tokens: { type: 'string', default: '200' },
    aimock: { type: 'string' },
    llmd: { type: 'string' },
    llmsim: { type: 'string' },
  },
})
const seconds = Number(values.seconds)
const tokens = Number(values.tokens)
const firstMs = 200
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-provider-'))

const installed: Readonly<Record<string, () => Peer>> = {
  bare: () => bare,
  aimock: () => aimock(values.aimock, folder),
  llmd: () => llmd(values.llmd, folder),
  llmsim: () => llmsim(values.llmsim, folder),
}

/** Those that are there, or could be installed. */
function peers(): Peer[] {
  const asked = values.peers.split(',').filter((name) => name !== '' && name !== 'none')
  return asked.flatMap((name) => {
    const peer = installed[name]
    if (!peer) throw new Error(`no peer is called ${name}`)
    try {
      return peer()
    } catch (error) {
      console.log(`${name} could not be installed: ${String(error).slice(0, 200)}`)
      return []
    }
  })
}

const median = (figures: readonly number[]): number => figures.toSorted((a, b) => a - b)[figures.length >> 1]!

interface Column {
  readonly title: string
  readonly width: number
  readonly cell: (of: (figure: (seen: Measured) => number) => number) => string
}

const milliseconds = (value: number): string => (Number.isNaN(value) ? '' : value.toFixed(1))
const percent = (value: number): string => `${(value * 100).toFixed(1)} %`

const columns: readonly Column[] = [
  { title: 'of due', width: 10, cell: (of) => percent(of(({ came, due }) => came / due)) },
  { title: 'late', width: 9, cell: (of) => percent(of(({ late, came }) => late / came)) },
  { title: 'p50', width: 8, cell: (of) => milliseconds(of((seen) => seen.latenessP50Ms)) },
  { title: 'p99 ms', width: 9, cell: (of) => milliseconds(of((seen) => seen.latenessP99Ms)) },
  { title: 'own p99', width: 9, cell: (of) => milliseconds(of((seen) => seen.ownP99Ms ?? NaN)) },
  { title: 'core %', width: 8, cell: (of) => (of((seen) => seen.cpuSeconds / seconds) * 100).toFixed(0) },
  { title: 'CPU s/M', width: 9, cell: (of) => of((seen) => (seen.cpuSeconds / seen.came) * 1e6).toFixed(1) },
  { title: 'KB/stream', width: 11, cell: (of) => of((seen) => seen.kilobytesPerStream).toFixed(1) },
  { title: 'cut', width: 6, cell: (of) => of((seen) => seen.broken).toFixed(0) },
  { title: 'reader p99', width: 12, cell: (of) => milliseconds(of((seen) => seen.readerP99Ms ?? NaN)) },
  { title: 'core %', width: 8, cell: (of) => (of((seen) => seen.readerCores) * 100).toFixed(0) },
]

try {
  const own = values.workers.split(',').map((workers) => plimsoll(folder, Number(workers)))
  const compared = [...own, ...peers()]
  const machine = `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}`
  console.log(`${machine}, Node ${process.version}`)
  for (const level of values.streams.split(',')) {
    const [streams, rate] = level.split('x').map(Number) as [number, number]
    console.log(`\n${streams} streams at ${rate} tokens/s (median of ${values.runs})`)
    console.log(' '.repeat(20) + columns.map(({ title, width }) => title.padStart(width)).join(''))
    for (const peer of compared) {
      const seen: Measured[] = []
      for (let run = 0; run < Number(values.runs); run++)
        seen.push(await measure(peer, streams, { tokens, firstMs, gapMs: 1000 / rate }, seconds))
      const of = (figure: (each: Measured) => number): number => median(seen.map(figure))
      console.log(peer.name.padEnd(20) + columns.map(({ width, cell }) => cell(of).padStart(width)).join(''))
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
