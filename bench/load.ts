/**
 * Plimsoll's users beside other load testers, each doing the same work on a core of its own against a target on the
 * other core, in one run. CPU and memory are of the whole tester, start and end included.
 *
 *   npm run bench:load -- --runs 3 --k6-sse PATH
 *
 * k6, Locust and autocannon are installed into a temporary folder unless --k6, --locust or --autocannon names one.
 * --k6-sse names a k6 that was built with xk6-sse; without it, k6 reads streams whole and cannot time their tokens.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Client, type Work, autocannon, k6, locust, plimsoll } from './load/clients.ts'
import { type Measured, type TargetShape, measure } from './load/measure.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: 'streams,answers,memory,accuracy' },
    k6: { type: 'string' },
    'k6-sse': { type: 'string' },
    locust: { type: 'string' },
    autocannon: { type: 'string' },
  },
})
const runs = Number(values.runs)
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-peers-'))

function install(name: string, given: string | undefined, how: () => string): string | undefined {
  if (given !== undefined) return given
  try {
    return how()
  } catch (error) {
    console.log(`${name} is left out: ${(error as Error).message.split('\n')[0]}`)
    return undefined
  }
}
const run = (command: string, args: readonly string[], env: Record<string, string> = {}): string =>
  execFileSync(command, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })

const k6Path = install('k6', values.k6, () => {
  run('go', ['install', 'go.k6.io/k6@latest'], { GOBIN: folder })
  return join(folder, 'k6')
})
const locustPath = install('locust', values.locust, () => {
  run('python3', ['-m', 'venv', join(folder, 'venv')])
  run(join(folder, 'venv/bin/pip'), ['install', '--quiet', 'locust'])
  return join(folder, 'venv/bin/locust')
})
const autocannonPath = install('autocannon', values.autocannon, () => {
  run('npm', ['install', '--silent', '--prefix', folder, 'autocannon'])
  return join(folder, 'node_modules/autocannon/autocannon.js')
})
const sse = values['k6-sse']

const present = (clients: readonly (Client | undefined | false)[]): Client[] =>
  clients.filter((client) => !!client)
const everyone = present([
  plimsoll(),
  k6Path !== undefined && k6(k6Path, 'k6.js', 'k6'),
  locustPath !== undefined && locust(locustPath),
])

interface Column {
  readonly head: string
  /** Less is better; the ratio is Plimsoll's share of it. */
  readonly of: (seen: Measured, work: Work) => number | undefined
  readonly digits: number
}

interface Contest {
  readonly title: string
  readonly work: Work
  readonly shape: TargetShape
  readonly clients: readonly Client[]
  readonly columns: readonly Column[]
}

const streamed: Work = { users: 500, seconds: 20, thinkSeconds: 0, accept: 'text/event-stream' }
const contests: Readonly<Record<string, Contest>> = {
  streams: {
    title: 'streams: 500 at once, 50 tokens a second each',
    work: streamed,
    shape: { tokens: 200, firstMs: 200, gapMs: 20 },
    clients: present([
      plimsoll(),
      sse !== undefined && k6(sse, 'k6-sse.js', 'k6 + xk6-sse'),
      ...everyone.slice(1),
    ]),
    columns: [
      {
        head: 'CPU s/M tokens',
        digits: 1,
        of: ({ cpuSeconds, target }) => (cpuSeconds / target.lateMs.count) * 1e6,
      },
      { head: 'TTFT p99 ms (true 200)', digits: 0, of: ({ said }) => said.ttftP99Ms },
      { head: 'gap p99 ms (true 20)', digits: 0, of: ({ said }) => said.gapP99Ms },
      { head: 'target late p99 ms', digits: 1, of: ({ target }) => target.lateMs.p99 },
    ],
  },
  answers: {
    title: 'answers: small JSON, 50 users without think time',
    work: { users: 50, seconds: 10, thinkSeconds: 0, accept: 'application/json' },
    shape: {},
    clients: present([...everyone, autocannonPath !== undefined && autocannon(autocannonPath)]),
    columns: [
      {
        head: 'CPU µs/turn',
        digits: 1,
        of: ({ cpuSeconds, target }) => (cpuSeconds / target.answerMs.count) * 1e6,
      },
      { head: 'turns', digits: 0, of: ({ target }) => target.answerMs.count },
    ],
  },
  memory: {
    title: 'memory: 5,000 users who think, a 2 s endpoint',
    work: { users: 5000, seconds: 20, thinkSeconds: 1, accept: 'application/json' },
    shape: { thinkMs: 2000 },
    clients: everyone,
    columns: [
      { head: 'peak MB', digits: 0, of: ({ peakRssMb }) => peakRssMb },
      { head: 'turns', digits: 0, of: ({ target }) => target.answerMs.count },
    ],
  },
  accuracy: {
    title: 'accuracy: 1,000 users on a 2 s endpoint, opening burst in',
    work: { users: 1000, seconds: 20, thinkSeconds: 1, accept: 'application/json' },
    shape: { thinkMs: 2000 },
    clients: everyone,
    columns: [
      { head: 'error p50 ms', digits: 1, of: ({ said, target }) => said.p50Ms! - target.answerMs.p50 },
      { head: 'error p99 ms', digits: 1, of: ({ said, target }) => said.p99Ms! - target.answerMs.p99 },
      {
        head: 'CPU µs/turn',
        digits: 0,
        of: ({ cpuSeconds, target }) => (cpuSeconds / target.answerMs.count) * 1e6,
      },
    ],
  },
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!

async function compete({ title, work, shape, clients, columns }: Contest): Promise<void> {
  console.log(`\n${title}  (median of ${runs})`)
  console.log(`${''.padEnd(14)}${columns.map(({ head }) => head.padStart(24)).join('')}`)
  const seen = new Map<Client, Measured[]>(clients.map((client) => [client, []]))
  // In turns, so that what else the machine does falls on everybody.
  for (let i = 0; i < runs; i++)
    for (const client of clients) seen.get(client)!.push(await measure(client, work, shape))
  const ours: (number | undefined)[] = []
  for (const client of clients) {
    const cells = columns.map(({ of, digits }, column) => {
      const figures = seen.get(client)!.map((each) => of(each, work))
      if (figures.some((figure) => figure === undefined || Number.isNaN(figure)))
        return 'cannot say'.padStart(24)
      const value = median(figures as number[])
      const first = (ours[column] ??= value)
      const ratio = client === clients[0] ? '' : ` (${(value / first).toFixed(1)}×)`
      return `${value.toFixed(digits)}${ratio}`.padStart(24)
    })
    console.log(`${client.name.padEnd(14)}${cells.join('')}`)
  }
}

try {
  console.log(
    `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
  )
  if (k6Path !== undefined) console.log(run(k6Path, ['version']).trim())
  if (locustPath !== undefined) console.log(run(locustPath, ['--version']).split(' from')[0]!)
  for (const name of values.only.split(',')) await compete(contests[name]!)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
