import { expect, test } from 'vitest'
import type { TurnJob, WorkerSettings } from './messages.ts'
import type { ModelAnswer } from './model-client.ts'
import { runTurn } from './run-turn.ts'

const answered = (text: string, ...names: string[]): ModelAnswer => ({
  text,
  toolCalls: names.map((name, i) => ({ id: `call_${i}`, name, arguments: '{"task":"look"}' })),
  outputTokens: 1,
})

function settingsWith(failure: number): WorkerSettings {
  return {
    modelUrl: '',
    toolsUrl: '',
    apiKey: '',
    callerName: '',
    speed: 1,
    models: [{ id: 'main' }, { id: 'small' }],
    tools: [],
    subagents: { research: { model: 1, tools: [], systemTokens: 1, messageTokens: 1, failure } },
    steps: 5,
    retries: { attempts: 0, backoffMs: 0, honourRetryAfter: true },
    cpuPerCallMs: 0,
    cpuPerTokenMs: 0,
  }
}

/** What the root loop reads of two sub-agents that it asked at once. */
async function readOf(failure: number, session: number): Promise<unknown[]> {
  let read: unknown[] = []
  const job: TurnJob = {
    id: 1,
    key: { run: 1, session, turn: 0 },
    traceparent: '',
    model: 0,
    systemTokens: 1,
    history: [],
    message: { role: 'user', text: 'hello', padTokens: 0 },
    waits: { loadMs: 0, promptMs: 0, saveMs: 0 },
    stream: false,
  }
  const result = await runTurn(
    job,
    {
      settings: settingsWith(failure),
      callModel: ({ model, messages }) => {
        if (model === 1) return Promise.resolve(answered('found'))
        read = messages.filter(({ role }) => role === 'tool').map(({ content }) => content)
        return Promise.resolve(read.length === 0 ? answered('', 'research', 'research') : answered('done'))
      },
      callTool: () => Promise.reject(new Error('no other tool is called')),
      now: () => 0,
      wait: () => Promise.resolve(),
      burn: () => 0,
    },
    () => undefined,
    new AbortController().signal,
  )
  // Its loop is played all the same, and the turn goes on.
  expect(result).toMatchObject({ ok: true, content: 'done', modelCalls: 4 })
  return read
}

const failed = '{"error":"the sub-agent failed"}'

test.each([
  [0, ['found', 'found']],
  [1, [failed, failed]],
])('sub-agents of which %d fail are read as errors', async (failure, read) => {
  expect(await readOf(failure, 1)).toEqual(read)
})

test('so many sub-agents fail as the file says, and the same ones each time', async () => {
  const play = () => Promise.all(Array.from({ length: 200 }, (_, session) => readOf(0.3, session)))
  const seen = (await play()).flat()
  const share = seen.filter((text) => text === failed).length / seen.length
  // Three deviations of 400 calls; the draws are fixed.
  expect(Math.abs(share - 0.3)).toBeLessThan(0.07)
  expect((await play()).flat()).toEqual(seen)
})
