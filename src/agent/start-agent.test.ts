import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { finished } from 'node:stream'
import { expect, test } from 'vitest'
import { traceparent } from '../sessions/turn-key.ts'
import { createSessions } from '../sessions/sessions.ts'
import type { MessageOut } from '../wire/session-api.ts'
import { countTokens } from './count-tokens.ts'
import {
  type Call,
  agentFields,
  workloadOf,
  world,
  parseEvents,
  errorOf,
  sse,
  gate,
} from './fixture-agent.ts'

test('a turn with tools, as JSON: calls in parallel under one trace, stage times, counted tokens', async () => {
  const calls: Call[] = []
  const { toolCalls, open, post, metrics } = await world((call) => {
    calls.push(call)
    if (call.body.messages.at(-1)!.role === 'user') call.ask('call_1', 'call_2')
    else call.say('It is ', 'found.')
  })
  const trace = traceparent({ run: 1, session: 2, turn: 3 })
  const response = await post(await open(), 'hello', { headers: { traceparent: trace } })
  const out = (await response.json()) as MessageOut
  expect(response.status).toBe(200)
  expect(out).toMatchObject({ turn: 0, content: 'It is found.', model_calls: 2, tool_calls: 2 })
  const stages = ['queue', 'context_load', 'prompt', 'model', 'tools', 'retry_wait', 'state_save']
  expect(Object.keys(out.timings)).toEqual(stages)
  expect(
    response.headers
      .get('server-timing')!
      .split(', ')
      .map((part) => part.split(';')[0]),
  ).toEqual(stages)
  expect(new Set(toolCalls.map(({ headers }) => headers['x-plimsoll-call-id']))).toEqual(
    new Set(['call_1', 'call_2']),
  )
  expect(toolCalls[0]).toMatchObject({ path: '/tools/lookup', body: '{"word":"a"}' })
  const traces = [...calls.map(({ request }) => request.headers), ...toolCalls.map(({ headers }) => headers)]
  for (const headers of traces) expect(headers['traceparent']).toContain(trace.slice(3, 35))
  expect(calls[0]!.body).toMatchObject({ max_tokens: 64 })
  expect(calls[1]!.body.messages.slice(2).map(({ role, tool_call_id }) => [role, tool_call_id])).toEqual([
    ['assistant', undefined],
    ['tool', 'call_1'],
    ['tool', 'call_2'],
  ])
  const counted = await metrics()
  expect(counted.get('agent_turns_total{outcome="completed"}')).toBe(1)
  expect(counted.get('agent_model_calls_total')).toBe(2)
  expect(counted.get('agent_tool_calls_total')).toBe(2)
  expect(counted.get('agent_output_tokens_total')).toBe(10)
  expect(counted.get('agent_stage_seconds_count{stage="model"}')).toBe(1)
  expect(counted.get('agent_stage_seconds_bucket{stage="model",le="+Inf"}')).toBe(1)
  expect(counted.get('agent_turns_in_flight')).toBe(0)
  expect(counted.get('agent_process_resident_memory_bytes')).toBeGreaterThan(1e6)
  expect(counted.get('agent_worker_event_loop_utilization{worker="0"}')).toBeLessThanOrEqual(1)
})

test('models that think are told the most tokens of an answer by the name that they take', async () => {
  const calls: Call[] = []
  const workload = workloadOf(agentFields)
  const models = workload.models.map((model) => ({ ...model, id: 'gpt-5.2' }))
  const { open, post } = await world(
    (call) => {
      calls.push(call)
      call.say('found')
    },
    agentFields,
    { ...workload, models },
  )
  await post(await open(), 'hello')
  expect(calls[0]!.body).toMatchObject({ model: 'gpt-5.2', max_completion_tokens: 64 })
  expect(calls[0]!.body).not.toHaveProperty('max_tokens')
})

test('a stream brings text while the model still writes, and what it did at the end', async () => {
  const seen = gate()
  const { open, post } = await world(async (call) => {
    if (call.body.messages.at(-1)!.role === 'user') return call.ask('call_1')
    call.delta({ content: 'first ' })
    await seen.opened
    call.say('second')
  })
  const response = await post(await open(), 'hello', sse)
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/)
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('first')) seen.open()
  }
  const events = parseEvents(text)
  expect(events.filter(({ type }) => type === 'token').map(({ data }) => data.text)).toEqual([
    'first ',
    'second',
  ])
  expect(events.at(-1)).toMatchObject({ type: 'done', data: { content: 'first second', model_calls: 2 } })
  expect(Object.keys(events.at(-1)!.data.timings!)).toHaveLength(7)
})

test("the model's 429 is tried again, and then is the agent's 429 that says when to come back", async () => {
  let calls = 0
  const retries = 'retries: { attempts: 2, backoff: 20ms, honourRetryAfter: true }'
  const { open, post, metrics } = await world(({ response, question, say }) => {
    if (question.endsWith('once') && calls++ % 2 === 1) return say('now')
    response.writeHead(429, { 'retry-after-ms': '60', 'retry-after': '1' })
    response.end('{"error":{"message":"too many","code":"rate_limit_exceeded"}}')
  }, `${agentFields}, ${retries}`)
  const id = await open()
  const once = (await (await post(id, 'once')).json()) as MessageOut
  expect(once).toMatchObject({ content: 'now', model_calls: 2 })
  // As long as it was told, and not the 20 ms of its own.
  expect(once.timings.retry_wait).toBeGreaterThan(40)
  const response = await post(id, 'always', sse)
  expect(response.status).toBe(429)
  expect(response.headers.get('retry-after')).toBe('1')
  expect(response.headers.get('retry-after-ms')).toBe('60')
  const error = await errorOf(response)
  expect(error).toMatchObject({ code: 'rate_limited', retry_after_ms: 60 })
  expect(error.message).toMatch(/retry in 0\.1 s$/)
  expect((await metrics()).get('agent_model_rate_limited_total')).toBe(4)
})

test("the model's faults are never the agent's 500, and leave no trace in the conversation", async () => {
  const heard: (readonly string[])[] = []
  const { open, post } = await world(({ response, question, body, delta, say }) => {
    heard.push(body.messages.slice(1).map(({ content }) => content.slice(-12)))
    const play: Record<string, () => void> = {
      '500': () => response.writeHead(500).end('oops'),
      '401': () => response.writeHead(401).end('{"error":{"message":"Incorrect API key provided: sk-test"}}'),
      html: () => response.end('<html><body>It works!</body></html>'),
      garbage: () => response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {no\n\n'),
      reset: () => response.destroy(),
      broken: () => {
        delta({ content: 'half ' })
        setTimeout(() => response.destroy(), 20)
      },
      cut: () => {
        delta({ content: 'half ' })
        response.end()
      },
      good: () => say('yes'),
    }
    play[/\w+$/.exec(question)![0]]!()
  })
  const id = await open()
  for (const fault of ['500', '401', 'html', 'garbage', 'reset', 'broken', 'cut']) {
    const response = await post(id, fault)
    expect([fault, response.status]).toEqual([fault, 502])
    const error = await errorOf(response)
    expect(error.code).toBe('model_error')
    expect(error.message).not.toContain('sk-test')
  }
  const events = parseEvents(await (await post(id, 'broken', sse)).text())
  expect(events).toMatchObject([
    { type: 'token' },
    { type: 'error', data: { error: { code: 'model_error' } } },
  ])
  expect((await post(id, 'good')).status).toBe(200)
  expect((await post(id, 'good')).status).toBe(200)
  expect(heard.at(-1)!.map((text) => text.slice(-4))).toEqual(['good', 'yes', 'good'])
})

test('a model that refuses connections is a 502, one that never answers a 504', async () => {
  const closed = createTcpServer()
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
  const port = (closed.address() as AddressInfo).port
  await new Promise((resolve) => closed.close(resolve))
  const refused = await world(() => {}, agentFields, workloadOf(agentFields), `http://127.0.0.1:${port}/v1`)
  expect((await refused.post(await refused.open(), 'hello')).status).toBe(502)
  let cut = false
  const never = await world(
    // Says so of one that was cut before it could be read, too.
    ({ response }) => void finished(response, () => (cut = true)),
    `${agentFields}, limits: { turn: 40s }`,
  )
  const response = await never.post(await never.open(), 'hello')
  expect(response.status).toBe(504)
  expect(await errorOf(response)).toMatchObject({ code: 'timeout' })
  await expect.poll(() => cut).toBe(true)
})

test('slots: synchronous workers hold one turn each, asynchronous ones several, and the rest is shed', async () => {
  for (const [concurrency, atOnce] of [
    [1, 2],
    [3, 6],
  ]) {
    const waiting: Call[] = []
    const { open, post } = await world(
      (call) => void waiting.push(call),
      `workers: 2, concurrency: ${concurrency}, queue: 1`,
    )
    const ids = await Promise.all(Array.from({ length: atOnce! + 3 }, () => open()))
    const answers = ids.map((id) => post(id, 'hello'))
    const shed: Response[] = []
    for (const answer of answers)
      void answer.then((response) => response.status === 429 && shed.push(response))
    await expect.poll(() => [waiting.length, shed.length]).toEqual([atOnce, 2])
    for (const response of shed) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(await errorOf(response)).toMatchObject({
        code: 'overloaded',
        message: expect.stringMatching(/retry in/) as string,
      })
    }
    for (const call of waiting.splice(0)) call.say('done')
    await expect.poll(() => waiting.length).toBe(1)
    waiting[0]!.say('done')
    const statuses = (await Promise.all(answers)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(atOnce! + 1)
  }
})

test('fifty posts to one session at once: answered in order or told when to retry, none lost or crossed', async () => {
  const heard: string[][] = []
  const { open, post } = await world(async (call) => {
    heard.push(call.body.messages.slice(1).map(({ content }) => /\w+$/.exec(content)![0]))
    await new Promise((resolve) => setTimeout(resolve, 2))
    call.say(`echo_${/\w+$/.exec(call.question)![0]}`)
  }, 'workers: 2, concurrency: 8, queue: 100')
  const id = await open()
  const responses = await Promise.all(
    Array.from({ length: 50 }, async (_, n) => ({
      n,
      response: await post(id, `word${n}`, n % 2 ? sse : {}),
    })),
  )
  const answered: { n: number; turn: number }[] = []
  for (const { n, response } of responses) {
    if (response.status === 429) {
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
      expect(await errorOf(response)).toMatchObject({ code: 'busy' })
      continue
    }
    expect(response.status).toBe(200)
    const text = await response.text()
    const out = (n % 2 ? parseEvents(text).at(-1)!.data : JSON.parse(text)) as MessageOut
    expect(out.content).toBe(`echo_word${n}`)
    answered.push({ n, turn: out.turn })
  }
  expect(answered.length).toBeGreaterThanOrEqual(9)
  const inOrder = answered.sort((a, b) => a.turn - b.turn).flatMap(({ n }) => [`word${n}`, `echo_word${n}`])
  for (const [turn, messages] of heard.entries())
    expect(messages).toEqual(inOrder.slice(Math.max(0, 2 * turn - 4), 2 * turn + 1))
})

test('a user who goes away ends the turn everywhere, and the slot is free at once', async () => {
  const waiting: Call[] = []
  let cut = 0
  const { open, post, metrics } = await world((call) => {
    waiting.push(call)
    call.response.once('close', () => call.response.writableFinished || cut++)
    call.delta({ content: 'a' })
  }, 'workers: 1, concurrency: 1, queue: 5')
  const [first, second, third] = [await open(), await open(), await open()]
  const gone = new AbortController()
  const given = post(first, 'hello', { signal: gone.signal }).catch(() => 'gone')
  await expect.poll(() => waiting.length).toBe(1)
  const alsoGone = new AbortController()
  const inLine = post(second, 'hello', { signal: alsoGone.signal }).catch(() => 'gone')
  await expect.poll(async () => (await metrics()).get('agent_turns_waiting')).toBe(1)
  alsoGone.abort()
  expect(await inLine).toBe('gone')
  gone.abort()
  expect(await given).toBe('gone')
  await expect.poll(() => cut).toBe(1)
  const answer = post(third, 'hello')
  await expect.poll(() => waiting.length).toBe(2)
  waiting[1]!.say('b')
  expect((await answer).status).toBe(200)
  const again = post(first, 'hello again')
  await expect.poll(() => waiting.length).toBe(3)
  waiting[2]!.say('c')
  expect(((await (await again).json()) as MessageOut).content).toBe('ac')
  expect(waiting[2]!.body.messages.map(({ role }) => role)).toEqual(['system', 'user'])
  expect((await metrics()).get('agent_turns_total{outcome="abandoned"}')).toBe(2)
})

test('what is sent counts the tokens that the file assumes, window and all', async () => {
  const workload = workloadOf(agentFields)
  const sessions = createSessions(workload, 1, { users: 1 })
  const counted: number[] = []
  const answer = 'x'.repeat(8 * 4)
  const { open, post } = await world(
    ({ body, say }) => {
      const texts = [JSON.stringify(body.tools), ...body.messages.map(({ content }) => content)]
      counted.push(texts.reduce((sum, text) => sum + countTokens(text), 0))
      say(answer)
    },
    agentFields,
    workload,
  )
  const id = await open()
  for (let turn = 0; turn < 5; turn++) {
    await (await post(id, sessions.text(0, turn))).json()
    expect(Math.abs(counted[turn]! / sessions.inputTokens(0, turn, 1) - 1)).toBeLessThan(0.05)
  }
})

test('at the limit of steps the model has to answer', async () => {
  const { open, post } = await world(
    ({ body, ask, say }) => (body.tool_choice === 'none' ? say('enough') : ask('call_1')),
    `${agentFields}, limits: { steps: 3 }`,
  )
  expect(await (await post(await open(), 'hello')).json()).toMatchObject({
    content: 'enough',
    model_calls: 3,
  })
})

test('mistakes of a client are its own: 4xx with a message, and the agent goes on', async () => {
  const { url, open, post } = await world(({ say }) => say('yes'))
  const id = await open()
  const messages = `/api/sessions/${id}/messages`
  const cases: [method: string, path: string, body: string | undefined, status: number][] = [
    ['POST', messages, '{"content": ', 400],
    ['POST', messages, '', 400],
    ['POST', messages, '[]', 400],
    ['POST', messages, 'null', 400],
    ['POST', messages, '{"content": " "}', 400],
    ['POST', messages, '{"content": 7}', 400],
    ['POST', messages, JSON.stringify({ content: 'x'.repeat(1_100_000) }), 413],
    ['POST', '/api/sessions', '{', 400],
    ['POST', '/api/sessions/none/messages', '{"content":"hi"}', 404],
    ['GET', messages, undefined, 405],
    ['GET', '/nowhere', undefined, 404],
    ['DELETE', '/api/sessions/none', undefined, 404],
  ]
  for (const [method, path, body, status] of cases) {
    const response = await fetch(url + path, { method, ...(body === undefined ? {} : { body }) })
    expect([method, path, response.status]).toEqual([method, path, status])
    expect((await errorOf(response)).message).not.toBe('')
  }
  expect((await post(id, 'hello')).status).toBe(200)
  expect((await fetch(`${url}/api/sessions/${id}`, { method: 'DELETE' })).status).toBe(204)
  expect((await post(id, 'hello')).status).toBe(404)
  expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({ status: 'ok' })
})
