import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { recordingOf, rootCalls, type SeenCall } from '../result/recording.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { learnWorkload } from './learn-workload.ts'
import { learnedFile } from './learned-file.ts'

function call(sentAtMs: number, changes: Partial<SeenCall> = {}): SeenCall {
  return {
    model: 'm',
    sentAtMs,
    firstTokenAtMs: NaN,
    lastTokenAtMs: NaN,
    endedAtMs: sentAtMs + 10,
    status: 200,
    completed: true,
    streamed: false,
    chunks: 0,
    inputTokens: 100,
    cachedTokens: 50,
    outputTokens: 10,
    usageTold: true,
    sizes: { system: 200, message: 40, toolResults: [], whole: 400, earlierMessages: 0 },
    answers: [],
    asks: [],
    ...changes,
  }
}

const sizes = (toolResults: number[]) => ({ ...call(0).sizes, toolResults })
const asks = (...ids: string[]) => ids.map((id) => ({ id, name: 'look' }))
const turn = (sentAtMs: number, endedAtMs: number) => ({
  session: 0,
  turn: 0,
  sentAtMs,
  endedAtMs,
  completed: true,
})
const sentOf = (calls: readonly SeenCall[]) =>
  rootCalls(recordingOf([turn(0, 1000)], calls, []).turns[0]!).map(({ sentAtMs }) => sentAtMs)

test.each<[string, SeenCall[], number[]]>([
  ['one call', [call(5)], [5]],
  [
    'results of what was asked',
    [call(5, { asks: asks('a') }), call(30, { answers: ['a'], sizes: sizes([8]) })],
    [5, 30],
  ],
  [
    'a sub-agent between, with tools of its own',
    [
      call(5, { asks: asks('a') }),
      call(30, { asks: asks('x') }),
      call(50, { answers: ['x'], sizes: sizes([8]) }),
      call(80, { answers: ['a'], sizes: sizes([8]) }),
    ],
    [5, 80],
  ],
  ['an API without ids', [call(5, { asks: asks('') }), call(30, { sizes: sizes([8]) })], [5, 30]],
  ['a loop in plain text', [call(5), call(30), call(33), call(60)], [5, 30, 60]],
  ['what failed is no step', [call(5, { completed: false }), call(30)], [30]],
])('the root loop: %s', (_, calls, expected) => {
  expect(sentOf(calls)).toEqual(expected)
})

test('every call is in a turn or counted', () => {
  const recording = recordingOf([turn(0, 100), turn(200, 300)], [call(5), call(150), call(250)], [])
  expect(recording.turns.map(({ calls }) => calls.length)).toEqual([1, 1])
  expect(recording.unjoined).toBe(1)
  expect(learnWorkload(recording).notes).toEqual([
    '1 call came while no turn was on, so no turn can have it: left out',
  ])
})

const recorded = (calls: readonly SeenCall[]) => {
  const turns = calls.map(({ sentAtMs }) => turn(sentAtMs - 20, sentAtMs + 900))
  return recordingOf(turns, calls, [])
}

function learnedFrom(calls: readonly SeenCall[]): ReadonlyMap<string, unknown> {
  const { fields } = learnWorkload(recorded(calls))
  return new Map(fields.map(({ path, value }) => [path.join('.'), value]))
}

test('streams tell their pace, but those that tell a call in one piece tell none', () => {
  const text = call(0, { firstTokenAtMs: 100, lastTokenAtMs: 145, endedAtMs: 150, chunks: 4 })
  const whole = call(1000, { firstTokenAtMs: 1300, lastTokenAtMs: 1300, endedAtMs: 1300, chunks: 2 })
  const learned = learnedFrom([text, { ...whole, asks: asks('a', 'b') }])
  expect(['ttft', 'perToken', 'tokensPerChunk'].map((key) => learned.get(`model.${key}`))).toEqual([
    '100ms',
    '5ms',
    3,
  ])
})

test.each([
  [
    { requests: 60, tokens: 9000 },
    { rpm: 60, tpm: 9000 },
  ],
  [
    { requests: 60, inputTokens: 9000, outputTokens: 3000 },
    { like: 'anthropic-start', rpm: 60, itpm: 9000, otpm: 3000 },
  ],
])('limits that are told are those of the file: %j', (limits, quota) => {
  const learned = learnWorkload(recorded([call(0, { limits })]))
  const target = { url: 'http://localhost:4000', driver: 'openai' }
  const base = { name: 'x', starter: 'users: { think: 1s }', target, say: ['hello'], learnedFrom: 'x' }
  const file = learnedFile(base, learned)
  expect((parse(file) as { model: unknown }).model).toMatchObject({ quota })
  expect(parseWorkload(file).problems).toEqual([])
})

test('answers of one piece tell their pace by the line through them', () => {
  const calls = [10, 20, 40, 80].map((outputTokens, i) =>
    call(i * 1000, { outputTokens, endedAtMs: i * 1000 + 300 + 5 * (outputTokens - 1) }),
  )
  const learned = learnedFrom(calls)
  expect(learned.get('model.perToken')).toBe('5ms')
  expect(learned.get('model.ttft')).toBe('300ms')
  expect(learned.get('model.cached')).toBe('50%')
  // A quarter of a token for each character, as their usage has it.
  expect(learned.get('model.input.system')).toBe(50)
})
