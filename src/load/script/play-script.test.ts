import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { HandClock, loadWorkload } from '../../../test/load-world.ts'
import type { ScriptSample, TurnRecord } from '../../result/records.ts'
import { createSessions } from '../../sessions/sessions.ts'
import { constant } from '../../stats/distributions.ts'
import type { Driver, DriverResult, DriverTurn, UserAnswer, UserRequest } from '../driver.ts'
import { startPopulation } from '../population.ts'
import { shapeOfLevel } from '../stages.ts'
import { TurnTally } from '../turn-tally.ts'
import { type ScriptContext, type ScriptOptions, scenario } from './scenario.ts'

/** As frames of a stack name this file. */
const url = fileURLToPath(import.meta.url)

type Play = (context: ScriptContext) => unknown

interface Case {
  readonly options?: Omit<ScriptOptions<Readonly<Record<string, never>>, unknown>, 'data'>
  readonly users?: number
  readonly untilMs?: number
  readonly seed?: number
  readonly answer?: (turn: DriverTurn) => DriverResult
  readonly request?: (request: UserRequest) => UserAnswer
  readonly requestMs?: number
}

/** Users of one script on a clock turned by hand; each answer takes 100 ms and says what it heard. */
async function play(
  playing: Play,
  { options = {}, users = 1, untilMs = 10_000, seed = 1, answer, request, requestMs = 30 }: Case = {},
) {
  const clock = new HandClock()
  const workload = loadWorkload({ users: { think: constant(1000), peak: {} } }, { think: constant(300) })
  const cut = new AbortController()
  const tally = new TurnTally()
  const records: TurnRecord[] = []
  const messages: string[] = []
  const samples: ScriptSample[] = []
  const remarks: string[] = []
  const said: string[] = []
  const left: number[] = []
  const counts = { started: 0, ended: 0 }
  const driver: Driver = {
    async turn(turn, seen) {
      said.push(turn.text)
      await clock.sleep(100)
      seen.text(`you said ${turn.text}`)
      seen.token(clock.now(), 1)
      return answer?.(turn) ?? { outcome: 'completed', errorKind: 'none' }
    },
    ...(request && {
      request: async (one, signal) => {
        await Promise.race([
          clock.sleep(requestMs),
          new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve())),
        ])
        return signal.aborted ? { fault: { outcome: 'abandoned', errorKind: 'abandoned' } } : request(one)
      },
    }),
    leave: (session) => void left.push(session),
    close: () => Promise.resolve(),
  }
  const definition = scenario(options as never, playing as never)
  const population = startPopulation(
    {
      workload,
      sessions: createSessions(workload, seed, { users }),
      clock,
      driver,
      run: 7,
      marker: 'none',
      turnTimeoutMs: 600_000,
      cut: cut.signal,
      interToken: undefined,
      scripts: [{ name: 'users.ts', url, definition, data: { rows: [10, 11, 12] } }],
    },
    shapeOfLevel({ users }, untilMs),
    {
      started: () => tally.start(),
      ended({ record, message }) {
        tally.end(record)
        records.push(record)
        if (message !== undefined) messages.push(message)
      },
      sessionStarted: () => void counts.started++,
      sessionEnded: () => void counts.ended++,
      sessionTurnedAway: () => {},
      sampled: (sample) => void samples.push(sample),
      remarked: (remark) => void remarks.push(remark),
    },
  )
  await clock.turn(untilMs)
  population.stop()
  cut.abort()
  await clock.turn(untilMs + 1000)
  await population.gone
  const { started, inFlight, ...ended } = tally.read()
  expect(started).toBe(Object.values(ended).reduce((sum, count) => sum + count, 0))
  expect(inFlight).toBe(0)
  return { records, messages, samples, remarks, said, left, counts }
}

test('a user says, thinks and reads what comes back, session after session', async () => {
  const { records, samples, said, left, counts } = await play(async ({ agent, think, check, user }) => {
    const first = await agent.say('one')
    check('echo', first.text === 'you said one' && first.latencyMs === 100 && first.ok)
    await think(250)
    const second = await agent.say(`two of ${user.iteration}`)
    check('numbered', second.turn === 1 && second.ttftMs === 100)
    await think()
  })
  expect(said.slice(0, 4)).toEqual(['one', 'two of 0', 'one', 'two of 1'])
  expect(new Set(samples.map(({ name, value }) => `${name} ${value}`))).toEqual(
    new Set(['echo 1', 'numbered 1']),
  )
  const [one, two] = records
  expect(two!.intendedAtMs).toBe(one!.endedAtMs + 250)
  // The file's think of 300 ms ends the session, and 1 s lies between two.
  expect(records[2]!.sentAtMs).toBe(two!.endedAtMs + 300 + 1000)
  expect(left).toEqual(left.map((_, session) => session))
  expect(counts.started - counts.ended).toBeLessThanOrEqual(1)
})

test('what a script throws is a failed turn with its place, and the user goes on with the next session', async () => {
  const ended: string[] = []
  const { records, messages, counts } = await play(
    async ({ agent, user }) => {
      await agent.say('one')
      if (user.iteration === 0) throw new RangeError('out of luck')
      if (user.iteration === 1) await Promise.all([agent.say('two'), agent.say('three')])
    },
    { options: { sessionEnd: ({ user }) => void ended.push(String(user.iteration)) } },
  )
  const kinds = records.map(({ session, turn, errorKind }) => `${session}.${turn} ${errorKind}`)
  expect(kinds.slice(0, 6)).toEqual([
    '0.0 none',
    '0.1 script',
    '1.0 none',
    '1.1 none',
    '1.2 script',
    '2.0 none',
  ])
  expect(messages[0]).toMatch(/^users\.ts:\d+:\d+: RangeError: out of luck$/)
  expect(messages[1]).toMatch(/^users\.ts(?::\d+:\d+)?: agent\.say before the last answer came/)
  expect(ended.slice(0, 3)).toEqual(['0', '1', '2'])
  expect(counts.ended).toBeGreaterThan(2)
})

test('hooks: what begins a session is its state, and one that throws there says nothing', async () => {
  const { said, records } = await play(
    async (context) => {
      await context.agent.say(`I am ${String(context.state)}`)
    },
    {
      options: {
        sessionStart({ user }) {
          if (user.iteration === 1) throw new Error('no account')
          return user.iteration
        },
      },
    },
  )
  expect(said.slice(0, 2)).toEqual(['I am 0', 'I am 2'])
  expect(records[1]!.errorKind).toBe('script')
})

test('the end of the run ends scripts, also one that does not listen', async () => {
  let ends = 0
  const { said, messages } = await play(
    async ({ agent, think }) => {
      try {
        for (;;) {
          await agent.say('again')
          await think(50).catch(() => think(50))
        }
      } finally {
        ends++
      }
    },
    { users: 3, untilMs: 3000, options: { sessionEnd: () => void ends++ } },
  )
  expect(said.length).toBeGreaterThan(20)
  expect(messages).toEqual([])
  expect(ends).toBe(0)
  const heard = await play(
    async ({ agent, think }) => {
      for (;;) {
        await agent.say('again')
        await think(50)
      }
    },
    { users: 3, untilMs: 3000, options: { sessionEnd: () => void ends++ } },
  )
  expect(heard.counts).toEqual({ started: 3, ended: 0 })
  expect(ends).toBe(3)
})

test('a request of a script is no turn: its reply is read, and it is measured', async () => {
  const asked: UserRequest[] = []
  const replies: unknown[] = []
  const { records, samples } = await play(
    async ({ agent, think }) => {
      replies.push(await agent.request('/orders', { body: { id: 7 }, tags: { kind: 'order' } }))
      replies.push(await agent.request('/gone', { headers: { accept: 'text/plain' } }))
      await think(20_000)
    },
    {
      request(one) {
        asked.push(one)
        return one.path === '/gone'
          ? { status: 404, headers: {}, text: 'no such page' }
          : { status: 201, headers: { location: '/orders/7' }, text: '{"id":7}' }
      },
    },
  )
  expect(asked).toEqual([
    {
      session: 0,
      method: 'POST',
      path: '/orders',
      headers: ['content-type', 'application/json'],
      body: '{"id":7}',
    },
    { session: 0, method: 'GET', path: '/gone', headers: ['accept', 'text/plain'] },
  ])
  expect(replies).toEqual([
    {
      ok: true,
      status: 201,
      headers: { location: '/orders/7' },
      text: '{"id":7}',
      json: { id: 7 },
      latencyMs: 30,
      errorKind: 'none',
    },
    expect.objectContaining({
      ok: false,
      status: 404,
      json: undefined,
      text: 'no such page',
      errorKind: 'none',
    }),
  ])
  expect(samples.map(({ name, value, tags }) => [name, value, tags])).toEqual([
    ['request_ms', 30, { kind: 'order' }],
    ['request_failed', 0, { kind: 'order' }],
    ['request_ms', 30, undefined],
    ['request_failed', 1, undefined],
  ])
  expect(records).toEqual([])
})

test('a request that takes too long is a reply, and the end of the run ends it', async () => {
  const replies: unknown[] = []
  const { messages, counts } = await play(
    async ({ agent }) => {
      replies.push(await agent.request('/slow', { timeoutMs: 500 }))
      replies.push(await agent.request('/slow'))
    },
    { untilMs: 2000, requestMs: 1_000_000, request: () => ({ status: 200, headers: {}, text: '' }) },
  )
  expect(replies).toEqual([
    expect.objectContaining({ status: 0, errorKind: 'timeout', message: 'no whole answer in time' }),
  ])
  expect(messages).toEqual([])
  expect(counts).toEqual({ started: 1, ended: 0 })
})

test('draws repeat with the seed; own lines are those of the user', async () => {
  const drawn = async (seed: number): Promise<unknown[]> => {
    const seen: unknown[] = []
    await play(
      async ({ user, data, think }) => {
        const { rows } = data as unknown as { rows: number[] }
        seen.push([user.session, user.own(rows), user.pick(rows), user.random()])
        await think('uniform(10ms 20ms)')
      },
      { users: 3, seed },
    )
    return seen.sort()
  }
  const once: unknown[] = await drawn(1)
  expect(await drawn(1)).toEqual(once)
  expect(await drawn(2)).not.toEqual(once)
  for (const [session, own] of once as number[][]) expect(own).toBe(10 + (session! % 3))
})

test.each([
  ['think', ({ think }: ScriptContext) => think('soon'), /think: /],
  ['think below 0', ({ think }: ScriptContext) => think(-1), /think takes milliseconds/],
  ['say nothing', async ({ agent }: ScriptContext) => void (await agent.say('')), /not empty/],
  ['a name', ({ count }: ScriptContext) => count('two words'), /letters, digits and _/],
  ['a value', ({ trend }: ScriptContext) => trend('x', NaN), /NaN is not a number/],
  ['an empty list', ({ user }: ScriptContext) => void user.pick([]), /list that is not empty/],
  ['no HTTP', async ({ agent }: ScriptContext) => void (await agent.request('/x')), /speaks HTTP/],
  ['no error', () => Promise.reject('words'), /^users\.ts: threw words$/],
] satisfies [string, (context: ScriptContext) => unknown, RegExp][])(
  'a mistake of a script is told: %s',
  async (_, playing, message) => {
    const { messages } = await play(playing)
    expect(messages[0]).toMatch(message)
  },
)

test('a script that never comes back holds up nobody, and is told of once the run is over', async () => {
  const { records, remarks, counts, left } = await play(
    async ({ agent, user }) => {
      await agent.say('one')
      if (user.id === 1) await new Promise(() => {})
    },
    { users: 2 },
  )
  expect(remarks).toEqual(['users.ts: a session still awaited something of its own when the run was over'])
  expect(records.filter(({ session }) => session % 2 === 1)).toHaveLength(1)
  expect(records.filter(({ session }) => session % 2 === 0).length).toBeGreaterThan(3)
  expect(counts.started - counts.ended).toBeLessThanOrEqual(2)
  expect(left).toContain(1)
})
