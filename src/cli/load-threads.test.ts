import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type FaultyServer, answerWell, startFaultyServer } from '../../test/faulty-server.ts'
import { type LoadOptions, runLoad } from '../load/run-load.ts'
import type { TurnRecord } from '../result/records.ts'
import { loadThreads } from './load-threads.ts'
import { readScripts } from './read-script.ts'
import { readWorkload } from './read-workload.ts'

let server: FaultyServer
let folder: string

beforeAll(async () => {
  server = await startFaultyServer('openai', answerWell)
  folder = mkdtempSync(join(tmpdir(), 'threads-'))
})

afterAll(async () => {
  rmSync(folder, { recursive: true })
  await server.close()
})

const model = 'model: { output: 3, price: { input: $10, output: $10 } }'

async function run(text: string, more: Partial<LoadOptions> & Pick<LoadOptions, 'level'>, threads?: number) {
  const file = join(folder, `${threads ?? 0}.yaml`)
  writeFileSync(file, `name: threads\n${text}\n`)
  const workload = readWorkload(file, [], { note: () => {} })
  const scripts = readScripts(workload, file)
  const turns: TurnRecord[] = []
  const strays = new Set<string>()
  server.requests.length = 0
  const result = await runLoad(
    workload,
    {
      driver: 'openai',
      warmupMs: 0,
      seed: 7,
      speed: 1,
      runId: 'r',
      marker: 'none',
      measuredMs: 700,
      target: server.url,
      ...more,
      ...(scripts ? { scripts } : {}),
      ...(threads === undefined
        ? {}
        : { muster: loadThreads(threads, { file, set: [] }, (stray) => strays.add(stray)) }),
      sink: (record) => record.kind === 'turn' && turns.push({ ...record }),
    },
    new AbortController().signal,
  )
  return { ...result, records: turns, strays: [...strays] }
}

const named = (turns: readonly TurnRecord[]) =>
  turns.map(({ session, turn, outcome, tokens }) => `${session}/${turn} ${outcome} ${tokens}`).sort()

/** Sessions begin for 300 ms and have all the time they need after it. */
const burst = {
  level: undefined,
  stages: {
    of: 'sessionsPerSecond',
    stages: [
      { durationMs: 1, target: 100 },
      { durationMs: 300, target: 100 },
      { durationMs: 1, target: 0 },
      { durationMs: 500, target: 0 },
    ],
  },
} as unknown as Pick<LoadOptions, 'level'>

test('three threads play what one plays, scripts too: the same turns, tokens and checks, summed without loss', async () => {
  writeFileSync(
    join(folder, 'script.ts'),
    `import { scenario } from '${new URL('../load/script/scenario.ts', import.meta.url).href}'
export default scenario(async ({ agent, check, user }) => {
  const answer = await agent.say('hello')
  check('greets', answer.text === 'Hello, order 7')
  if (user.id % 7 === 3) throw new Error('the fourth of seven')
})\n`,
  )
  const text = `users: { think: 20ms, turns: 3, behaviour: { doubleSend: { share: 30%, after: 1ms } } }
scenarios: [{ name: a, say: hello, weight: 2 }, { name: b, script: script.ts }]\n${model}`
  const [alone, together] = [await run(text, burst), await run(text, burst, 3)]
  expect(named(together.records)).toEqual(named(alone.records))
  expect(together.records.length).toBeGreaterThan(60)
  expect(together.records.some(({ errorKind }) => errorKind === 'script')).toBe(true)
  const { perSecond, ...counts } = together.summary.turns
  expect(alone.summary.turns).toMatchObject(counts)
  expect(perSecond).toBeCloseTo(alone.summary.turns.perSecond)
  const gaps = ({ summary }: typeof alone) => summary.latency.interTokenMs?.count
  expect(gaps(together)).toBe(gaps(alone))
  // Each of three tokens but the first has a gap.
  expect(gaps(together)).toBe(2 * together.turns.completed)
  expect(together.summary.script).toEqual(alone.summary.script)
  expect(together.faults).toEqual(alone.faults)
  expect(server.requests).toHaveLength(together.turns.completed + together.summary.behaviour!['doubleSent']!)
})

test('what a script throws in a thread where nobody waits for it is told, and ends nothing', async () => {
  writeFileSync(
    join(folder, 'stray.ts'),
    `import { scenario } from '${new URL('../load/script/scenario.ts', import.meta.url).href}'
export default scenario(async ({ agent }) => {
  void Promise.reject(new Error('nobody waits'))
  await agent.say('hello')
})\n`,
  )
  const text = `users: { think: 20ms }\nscenarios: [{ script: stray.ts }]\n${model}`
  const { strays, turns } = await run(text, { level: { users: 2 }, measuredMs: 1000 }, 2)
  expect(strays).toEqual(['stray.ts:3:23: nobody waits'])
  expect(turns.completed).toBeGreaterThan(2)
})

test('a limit on dollars is not passed by threads that spend at once', async () => {
  const text = `users: { think: 0s, turns: 5 }\nscenarios: [{ say: hello }]\n${model}`
  const limit = { measuredMs: 20_000, maxSpendUsd: 0.5, turnUsd: 0.01 }
  const { turns, stopped, spend } = await run(text, { level: { users: 12 }, ...limit }, 2)
  expect(stopped?.reason).toContain('(--max-spend)')
  expect(turns.started).toBe(50)
  expect(spend.usd).toBeCloseTo(0.5)
})

test('a file that has gone wrong since ends the run before it begins', async () => {
  const workload = readWorkload(join(folder, '2.yaml'), [], { note: () => {} })
  const muster = loadThreads(1, { file: join(folder, 'gone.yaml'), set: [] })
  const options = {
    driver: 'openai',
    target: server.url,
    warmupMs: 0,
    seed: 1,
    speed: 1,
    runId: 'r',
  } as const
  const level = { users: 4 }
  const run = runLoad(
    workload,
    { ...options, marker: 'none', level, measuredMs: 100, muster },
    AbortSignal.any([]),
  )
  await expect(run).rejects.toThrow(/there is no file .*gone.yaml/)
})
