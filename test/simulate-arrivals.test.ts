import { copyFileSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test, vi } from 'vitest'
import type { Summary } from '../src/result/summary.ts'
import { openRun } from '../src/store/open-run.ts'
import { parseInstant } from '../src/workload/parse-instant.ts'
import { inProcess } from './in-process.ts'

// Several simulations a test, on machines that do other things too.
vi.setConfig({ testTimeout: 60_000 })

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-arrivals-'))
afterAll(() => rmSync(folder, { recursive: true }))
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))
for (const name of ['arrivals.csv', 'arrivals.csv.gz']) copyFileSync(fixture(name), join(folder, name))

const rows = readFileSync(fixture('arrivals.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((row) => row.split(','))
const first = parseInstant(rows[0]![0]!)

function fileWith(users: string, more = ''): string {
  const file = join(folder, 'workload.yaml')
  writeFileSync(
    file,
    `users: ${users}\nagent: { workers: 2, concurrency: 4 }\nmodel: { ttft: 400ms, perToken: 10ms }\n${more}`,
  )
  return file
}

const traced = (name: string): string =>
  fileWith(`{ arrivals: { trace: ${name}, at: TIMESTAMP, input: ContextTokens, output: GeneratedTokens } }`)

test.each(['arrivals.csv', 'arrivals.csv.gz'])('%s: sessions start and weigh as recorded', async (name) => {
  const out = join(folder, `runs of ${name}`)
  const args = [
    'simulate',
    traced(name),
    '--arrivals',
    'trace',
    '--duration',
    '3m',
    '--warm-up',
    '1ms',
    '--json',
  ]
  const { code, stderr } = await inProcess([...args, '--out', out])
  expect([code, stderr]).toEqual([0, ''])
  const run = openRun(globSync(join(out, '*/run.json'))[0]!)
  const turns = [...run.readTurns()].sort((a, b) => a.session - b.session)
  const calls = [...run.readCalls()].sort((a, b) => a.session - b.session)
  run.close()
  expect(turns.length).toBeGreaterThan(rows.length)
  for (const [i, [at, input, output]] of rows.entries()) {
    expect(turns[i]!.sentAtMs).toBeCloseTo(parseInstant(at!) - first, 3)
    expect([calls[i]!.inputTokens, calls[i]!.outputTokens]).toEqual([Number(input), Number(output)])
  }
})

test('mistakes in a trace come with their place and a hint', async () => {
  writeFileSync(join(folder, 'bad.csv'), 'TIMESTAMP,ContextTokens,GeneratedTokens\nyesterday,1,1\n')
  const bad = await inProcess(['simulate', traced('bad.csv'), '--arrivals', 'trace'])
  expect(bad.code).toBe(104)
  expect(bad.stderr).toMatch(/:1:\d+:? .*trace bad.csv, line 2: column TIMESTAMP is not an instant/)
  expect(bad.stderr).toContain('hint: timestamps such as 2023-11-16 18:17:03.979')
  const none = await inProcess(['simulate', fileWith('{ arrivals: even }'), '--arrivals', 'trace'])
  expect(none.stderr).toContain(
    '--arrivals trace, but the file names no trace\nhint: users: { arrivals: { trace',
  )
})

test.each<[string, string, string]>([
  [
    'quotes around cells, and commas within them',
    '"at","note","in"\n"0","a, 7","100"\n"1000","8 ""is"", 9",300\n',
    '',
  ],
  [
    'a mark of its encoding, lines as on Windows, rows out of order',
    '\uFEFFat,note,in\r\n1000,,300\r\n0,,100\r\n',
    '',
  ],
  ['an empty line before a mistake', 'at,note,in\n0,,100\n\n1000,,\n', 'line 4: column in is not a number'],
  [
    'a day that does not exist',
    'at,note,in\n2023-02-28 00:00,,100\n2023-02-30 00:00,,300\n',
    'line 3: column at is not an instant\n  hint: timestamps such as 2023-11-16 18:17:03.979, of days that exist',
  ],
  ['a quote without an end', 'at,note,in\n0,"a,100\n1000,,300\n', 'is not CSV'],
  ['nothing', '', 'hint: the file is empty'],
])('a trace with %s', async (_, csv, mistake) => {
  writeFileSync(join(folder, 'odd.csv'), csv)
  const file = fileWith('{ arrivals: { trace: odd.csv, at: at, input: in } }')
  const args = ['simulate', file, '--arrivals', 'trace', '--duration', '20s', '--warm-up', '1s', '--json']
  const { code, stdout, stderr } = await inProcess(args)
  expect([code, stderr]).toEqual(mistake === '' ? [0, ''] : [104, expect.stringContaining(mistake)])
  if (mistake !== '') return
  const { models, turns } = JSON.parse(stdout) as Summary
  expect([models!['model']!.tokensPerCall!.input, turns.perSecond]).toEqual([200, 1])
})

test.each([
  ['1700000000', '1700000002', 's', '2023-11-14 in s'],
  ['1700000000000000', '1700000002000000', 'us', '2023-11-14 in us'],
  ['1700000000000000000', '1700000002000000000', 'ns', '2023-11-14 in ns'],
])(
  'instants of a clock, %s and %s, are told in %s and never taken for milliseconds',
  async (from, to, unit, day) => {
    writeFileSync(join(folder, 'clock.csv'), `at\n${from}\n${to}\n`)
    const run = (more: string) => {
      const file = fileWith(`{ arrivals: { trace: clock.csv, at: at${more} } }`)
      return inProcess(['simulate', file, '--arrivals', 'trace', '--duration', '20s', '--warm-up', '1s'])
    }
    const told = await run(`, unit: ${unit}`)
    expect([told.code, told.stderr]).toEqual([0, ''])
    expect(told.stdout).toContain('at 0.5 sessions/s')
    expect(told.stdout).toContain('the trace holds 2 sessions in 2 s')
    const taken = await run('')
    expect(taken.code).toBe(104)
    expect(taken.stderr).toContain(
      `trace clock.csv, column at: ${from} is ${day}, and plain numbers are read as ms`,
    )
    expect(taken.stderr).toContain(`hint: unit: ${unit} beside it, or unit: ms where ms are meant`)
  },
)

test('plain numbers without a unit: that they are read as milliseconds is said, with what reads them as seconds', async () => {
  writeFileSync(join(folder, 'since.csv'), 'at\n0\n1.5\n3\n')
  const file = fileWith('{ arrivals: { trace: since.csv, at: at } }')
  const notes = async (verb: string, ...more: string[]) => {
    const { stdout } = await inProcess([verb, file, '--arrivals', 'trace', '--json', ...more])
    return (JSON.parse(stdout) as { notes: string[] }).notes
  }
  const short = ['--duration', '10ms', '--warm-up', '0s']
  const taken =
    'the trace holds 3 sessions in 3 ms: its plain numbers are read as milliseconds; --set users.arrivals.unit=s where they are seconds.'
  expect(await notes('simulate', ...short)).toContain(taken)
  expect(await notes('plan')).toContain(taken)
  const inSeconds = ['--set', 'users.arrivals.unit=s']
  expect(await notes('simulate', ...short, ...inSeconds)).toEqual(['the trace holds 3 sessions in 3 s.'])
  const inMs = ['--set', 'users.arrivals.unit=ms']
  expect((await notes('simulate', ...short, ...inMs))[0]).toBe('the trace holds 3 sessions in 3 ms.')
  const dated = await inProcess(['plan', traced('arrivals.csv'), '--arrivals', 'trace'])
  expect(dated.stdout).not.toContain('plain numbers')
})

test('--arrivals with a file says how a trace is named, and that works', async () => {
  writeFileSync(join(folder, 'since.csv'), 'at\n0\n1.5\n3\n')
  const plain = fileWith('{ think: 30s }')
  const { code, stderr } = await inProcess(['simulate', plain, '--arrivals', 'since.csv'])
  expect(code).toBe(104)
  const set = /--set '(users\.arrivals=\{ trace: since\.csv, at: COLUMN \})' --arrivals trace/.exec(stderr)
  const named = ['--arrivals', 'trace', '--set', set![1]!.replace('COLUMN', 'at, unit: s')]
  const run = await inProcess(['simulate', plain, ...named, '--duration', '10s', '--warm-up', '0s'])
  expect([run.code, run.stderr]).toEqual([0, ''])
  expect(run.stdout).toContain('the trace holds 3 sessions in 3 s')
})

test.each<[string[], string]>([
  [['--users', '5', '--arrivals', '3/s'], 'one of --users and --arrivals, not both'],
  [['--users', '1e12'], '1000000000000 users are more than are simulated at once'],
  [['--users', '2.5'], 'expected a whole number, 1 or more'],
  [['--users', '5', '--against', 'nonsense'], '--against nonsense: expected path=value'],
  [
    ['--users', '5', '--duration', '1h', '--precision', '1%', '--max-duration', '1m'],
    'shorter than --duration',
  ],
])('flags that cannot be meant: %j', async (args, mistake) => {
  const { code, stderr } = await inProcess(['simulate', fileWith('{ think: 30s }'), ...args])
  expect([code, stderr]).toEqual([104, expect.stringContaining(mistake)])
})

test.each([
  ['agent.workers=ten', 'workload.yaml: --against agent.workers: ten is not a number'],
  ['agent.workerz=3', 'workload.yaml: --against agent: unknown key workerz'],
  ['nowhere.at=3', 'workload.yaml: --against nowhere.at: unknown key nowhere'],
  ['scenarios[7].depth=3', 'workload.yaml: --against scenarios[7].depth: there is no entry 7'],
])('--against %s is a mistake of --against, not of the file', async (change, mistake) => {
  const set = ['--set', 'agent.workers=5']
  const args = [fileWith('{ think: 30s }'), '--users', '5', ...set, '--against', change]
  const { code, stderr } = await inProcess(['simulate', ...args])
  expect([code, stderr]).toEqual([104, expect.stringContaining(mistake)])
  expect(stderr).not.toMatch(/--set|yaml:\d/)
})

test('the same seed gives the same bytes, with nothing left out too; where nothing happens, nothing binds', async () => {
  const args = ['simulate', fileWith('{ think: 30s }'), '--users', '5', '--duration', '1m', '--warm-up', '0s']
  const once = await inProcess([...args, '--json'])
  expect(once.code).toBe(0)
  expect((await inProcess([...args, '--json'])).stdout).toBe(once.stdout)
  const { window, services } = JSON.parse(once.stdout) as Summary
  expect([window!.warmupMs, services!.map(({ binding }) => binding)]).toEqual([0, [true]])
  const idle = await inProcess([...args, '--duration', '1ms', '--json'])
  expect((JSON.parse(idle.stdout) as Summary).services!.map(({ binding }) => binding)).toEqual([false])
})

test('how warm-up, length and level came about is said', async () => {
  const day = Array.from({ length: 24 }, (_, hour) => (hour === 12 ? '100%' : '10%')).join(', ')
  const notes = async (users: string, ...args: string[]) =>
    (await inProcess(['simulate', fileWith(users), ...args])).stdout.replaceAll(/\s+/g, ' ')
  const closed = await notes(`{ think: 30s, arrivals: even, peak: { day: [${day}] } }`, '--users', '5')
  expect(closed).toMatch(/1 h after .* of warm-up/)
  expect(closed).toContain('by MSER-5, from a pilot run of 20 min')
  expect(closed).toContain('of users at once it says nothing')
  expect(closed).toContain('the users are those of the busiest hour, all the time')
  const open = await notes(`{ peak: { day: [${day}] } }`, '--arrivals', '1/s')
  expect(open).toContain('24 h without warm-up')
  expect(open).toContain('time begins at midnight')
  expect(open).toContain('load that follows the day is never steady')
  const faster = await notes(`{ arrivals: { trace: arrivals.csv, at: TIMESTAMP } }`, '--arrivals', '3/s')
  expect(faster).toMatch(/recorded at 0\.\d+ sessions\/s: its gaps are divided by/)
  expect(faster).toContain('times over')
})

test('a rate may be written as files write it of calls', async () => {
  const at = (rate: string) => inProcess(['plan', fileWith('{ think: 30s }'), '--arrivals', rate, '--json'])
  expect(await at('90/min')).toEqual(await at('1.5/s'))
})

test('plan says what it makes of arrivals', async () => {
  const notes = async (...args: string[]) =>
    (await inProcess(['plan', fileWith('{ think: 30s, arrivals: gamma(cv 2) }'), ...args])).stdout.replaceAll(
      /\s+/g,
      ' ',
    )
  expect(await notes('--arrivals', '2/s')).toContain(
    'users.arrivals, gamma(cv 2): the wait is stretched by how far',
  )
  expect(await notes('--users', '5')).toContain('of users at once it says nothing')
})

test('--precision runs until the intervals are narrow enough, or says what it reached', async () => {
  const file = fileWith('{ think: exponential(mean 30s) }', 'objectives: [turn mean < 10s]')
  const set = ['--set', 'model.ttft=exponential(mean 2s)']
  const run = async (...args: string[]): Promise<Summary> =>
    JSON.parse(
      (await inProcess(['simulate', file, ...set, '--users', '30', '--json', ...args])).stdout,
    ) as Summary
  const [wide, narrow] = [await run('--duration', '10m'), await run('--duration', '10m', '--precision', '3%')]
  const width = ({ objectives: [mean] }: Summary): number => (mean!.high! - mean!.low!) / 2 / mean!.value!
  expect(width(wide)).toBeGreaterThan(0.03)
  expect(width(narrow)).toBeLessThanOrEqual(0.03)
  expect(narrow.window!.measuredMs).toBeGreaterThan(600_000)
  const args = ['--duration', '10m', '--precision', '0.1%', '--max-duration', '20m']
  const text = (await inProcess(['simulate', file, ...set, '--users', '30', ...args])).stdout
  const missed = /precision of 0.1 % was not reached within 20 min: turn mean < 10s is/
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(missed)
  // Whoever reads JSON sees no other text.
  expect(await run(...args)).toMatchObject({
    notes: [/warm-up/, missed].map((note) => expect.stringMatching(note)),
  })
})

test('a run too short for its intervals says so, how long it would have to be, and is as long with --precision', async () => {
  const file = join(folder, 'two-kinds.yaml')
  const kinds = 'scenarios: [{ name: quick, depth: 1, model: quick }, { name: slow, depth: 1, model: slow }]'
  const models = 'models: { quick: { ttft: exponential(mean 1s) }, slow: { ttft: exponential(mean 9s) } }'
  writeFileSync(file, `users: { think: exponential(mean 10s), turns: 10 }\n${kinds}\n${models}\n`)
  const args = ['simulate', file, '--users', '50', '--warm-up', '5m', '--duration', '9m']
  const told =
    /too short for an interval: turns of .* take .* batches of 27 s\. Intervals are narrower than they should be; --duration [678]\dm or --replications 10 mends that\./
  const out = join(folder, 'short')
  expect((await inProcess([...args, '--out', out])).stdout.replaceAll(/\s+/g, ' ')).toMatch(told)
  const report = readFileSync(globSync(join(out, '*/report.html'))[0]!, 'utf8')
  expect(report.includes('too short for an interval: turns of')).toBe(true)
  const json = async (...more: string[]): Promise<Summary & { notes: string[] }> =>
    JSON.parse((await inProcess([...args, '--json', ...more])).stdout) as Summary & { notes: string[] }
  expect((await json()).notes).toEqual([expect.stringMatching(told)])
  expect((await json('--replications', '2')).notes.join()).not.toMatch(told)
  const precise = await json('--precision', '30%')
  expect(precise.window!.measuredMs).toBeGreaterThan(60 * 60_000)
  expect(precise.notes.join()).not.toMatch(told)
})

test('under --precision the pilot may be as long as the run: sessions of five hours are left out until they end', async () => {
  const file = fileWith('{ think: 5m, turns: 60 }')
  const args = ['--arrivals', '0.1/s', '--duration', '1h', '--json']
  const run = async (...more: string[]): Promise<Summary> =>
    JSON.parse((await inProcess(['simulate', file, ...args, ...more])).stdout) as Summary
  expect((await run()).turns.perSecond).toBeLessThan(4)
  const { turns, window } = await run('--precision', '2%')
  expect(window!.warmupMs).toBeGreaterThan(5 * 3_600_000)
  expect(turns.perSecond).toBeGreaterThan(5.8)
  expect(turns.perSecond).toBeLessThan(6.2)
})

test('a load that grows without end has no figures to be precise about', async () => {
  const file = fileWith('{ think: 30s }', 'objectives: [turn p95 < 10s]')
  const args = ['--arrivals', '30/s', '--duration', '10m', '--precision', '5%', '--max-duration', '20m']
  const { stdout } = await inProcess(['simulate', file, ...args])
  expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/not steady within 20 min.*--precision was given up/)
  expect(stdout).not.toMatch(/is known to/)
})

test('--against: two variants side by side, --watch: the run as rows of blocks', async () => {
  const file = fileWith('{ think: exponential(mean 30s) }')
  const args = ['--users', '40', '--duration', '10m', '--replications', '3', '--against', 'model.ttft=500ms']
  const { stdout, stderr } = await inProcess(['simulate', file, ...args, '--watch'])
  expect(stdout).toMatch(/with model.ttft=500ms +as written +changed +difference/)
  expect(stdout).toMatch(/turn mean +400 ms +500 ms +\+100 ms/)
  expect(stderr).toMatch(/turns in flight +[▁▂▃▄▅▆▇█·]{20}/)
  // Nothing but text: no terminal is there to be drawn on.
  expect(stderr).not.toContain('\u001B')
  const run = JSON.parse((await inProcess(['simulate', file, ...args, '--json'])).stdout) as {
    differences?: { replications: number }
  }
  expect(run.differences?.replications).toBe(3)
})
