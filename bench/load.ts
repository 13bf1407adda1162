/**
 * Plimsoll's users beside other load testers, each doing the same work on a core of its own against a target on the
 * other core, in one run. CPU and memory are of the whole tester, start and end included.
 *
 *   npm run bench:load -- --runs 3 --only streams,answers
 *
 * The others are installed from their own registries into node_modules/.cache, unless --k6, --k6-sse (a k6 built with
 * xk6-sse), --locust, --autocannon or --artillery names one that is there; --without artillery,locust leaves them out.
 */
import { execFileSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { type Client, type Work, artillery, autocannon, k6, locust, plimsoll } from './load/clients.ts'
import { type PeerName, peerPath, peerVersion } from './load/install-peers.ts'
import { type Measured, type TargetShape, measure } from './load/measure.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: 'streams,width,answers,memory,crowd,accuracy,steady' },
    k6: { type: 'string' },
    'k6-sse': { type: 'string' },
    locust: { type: 'string' },
    autocannon: { type: 'string' },
    artillery: { type: 'string' },
    without: { type: 'string', default: '' },
  },
})
const runs = Number(values.runs)
const versions: string[] = []

/** The tester, where it is there or can be had. */
function peer(name: PeerName, client: (path: string) => Client): Client | undefined {
  if (values.without.split(',').includes(name)) return undefined
  const path = peerPath(name, values[name])
  if (path !== undefined) versions.push(peerVersion(name, path))
  return path === undefined ? undefined : client(path)
}

const plainK6 = peer('k6', (path) => k6(path, 'k6.js', 'k6'))
const streamingK6 = peer('k6-sse', (path) => k6(path, 'k6-sse.js', 'k6 + xk6-sse'))
const locusts = peer('locust', locust)
const cannon = peer('autocannon', autocannon)
const artilleries = peer('artillery', artillery)

const present = (clients: readonly (Client | undefined)[]): Client[] => clients.filter((client) => !!client)
const streaming = present([plimsoll(), streamingK6, locusts])
const answering = present([plimsoll(), plainK6, locusts])

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

/** A connection is a file: some are left for what else a process opens. */
const files = Number(execFileSync('bash', ['-c', 'ulimit -n'], { encoding: 'utf8' }))
const crowd = Math.min(20_000, Number.isNaN(files) ? Infinity : files - 500)

/** Long enough for a million tokens, so that what a tester's start costs weighs as little as it does in a real test. */
const streamed: Work = { users: 500, seconds: 60, thinkSeconds: 0, accept: 'text/event-stream' }
const contests: Readonly<Record<string, Contest>> = {
  streams: {
    title: 'streams: 500 at once, 50 tokens a second each',
    work: streamed,
    shape: { tokens: 200, firstMs: 200, gapMs: 20 },
    clients: streaming,
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
  width: {
    title: 'width: 1,500 streams read in full on one core, 50 tokens a second each',
    work: { ...streamed, users: 1500, seconds: 15 },
    shape: { tokens: 200, firstMs: 200, gapMs: 20 },
    clients: streaming,
    columns: [
      { head: 'gap p99 ms (true 20)', digits: 1, of: ({ said }) => said.gapP99Ms },
      { head: 'TTFT p99 ms (true 200)', digits: 0, of: ({ said }) => said.ttftP99Ms },
      {
        head: 'tokens read of those sent',
        digits: 3,
        of: ({ said, target }) => (said.tokens === undefined ? undefined : said.tokens / target.lateMs.count),
      },
      { head: 'target late p99 ms', digits: 1, of: ({ target }) => target.lateMs.p99 },
    ],
  },
  answers: {
    title: 'answers: small JSON, 50 users without think time',
    work: { users: 50, seconds: 10, thinkSeconds: 0, accept: 'application/json' },
    shape: {},
    clients: present([...answering, artilleries, cannon]),
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
    clients: answering,
    columns: [
      { head: 'peak MB', digits: 0, of: ({ peakRssMb }) => peakRssMb },
      { head: 'ready s', digits: 2, of: ({ readySeconds }) => readySeconds },
      { head: 'turns', digits: 0, of: ({ target }) => target.answerMs.count },
    ],
  },
  crowd: {
    title: `crowd: ${crowd} users who think, kept alive on one core`,
    work: { users: crowd, seconds: 25, thinkSeconds: 20, accept: 'application/json' },
    shape: { thinkMs: 500 },
    clients: [plimsoll()],
    columns: [
      { head: 'peak MB', digits: 0, of: ({ peakRssMb }) => peakRssMb },
      { head: 'ready s', digits: 2, of: ({ readySeconds }) => readySeconds },
      { head: 'turns', digits: 0, of: ({ target }) => target.answerMs.count },
    ],
  },
  accuracy: {
    title: 'accuracy: 1,000 users on a 2 s endpoint, opening burst in',
    work: { users: 1000, seconds: 20, thinkSeconds: 1, accept: 'application/json' },
    shape: { thinkMs: 2000, byTurn: true },
    clients: answering,
    columns: [
      { head: 'turn by turn p99 ms', digits: 1, of: ({ errorMs }) => errorMs?.p99 },
      { head: 'error p50 ms', digits: 1, of: ({ said, target }) => said.p50Ms! - target.answerMs.p50 },
      { head: 'error p99 ms', digits: 1, of: ({ said, target }) => said.p99Ms! - target.answerMs.p99 },
      {
        head: 'CPU µs/turn',
        digits: 0,
        of: ({ cpuSeconds, target }) => (cpuSeconds / target.answerMs.count) * 1e6,
      },
    ],
  },
  steady: {
    title: 'steady: 1,000 users on a 2 s endpoint, the opening left out',
    // A turn and its pause take 3 s: users who came at once would speak at once for ever.
    work: {
      users: 1000,
      seconds: 20,
      thinkSeconds: 1,
      rampUpSeconds: 3,
      warmUpSeconds: 6,
      accept: 'application/json',
    },
    shape: { thinkMs: 2000, byTurn: true },
    clients: [plimsoll()],
    columns: [
      // Turn by turn: the target's own percentiles are of all its answers, those of the opening among them.
      { head: 'error p50 ms', digits: 2, of: ({ errorMs }) => errorMs?.p50 },
      { head: 'error p99 ms', digits: 2, of: ({ errorMs }) => errorMs?.p99 },
      { head: 'sends late p99 ms', digits: 2, of: ({ said }) => said.lateP99Ms },
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

const [machine] = cpus()
console.log(
  `${machine!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
)
console.log(versions.join(', '))
for (const name of values.only.split(',')) await compete(contests[name]!)
