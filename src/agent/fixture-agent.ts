import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished } from 'vitest'
import type { Workload } from '../workload/workload.ts'
import { parseWorkload } from '../workload/parse-workload.ts'
import { startAgent } from './start-agent.ts'

interface Sent {
  readonly messages: readonly {
    role: string
    content: string
    tool_call_id?: string
    tool_calls?: { id: string }[]
  }[]
  readonly tools?: unknown[]
  readonly tool_choice?: string
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
}

/** What the played model sees of a call and can do about it. */
export interface Call {
  readonly body: Sent
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The user's last message. */
  readonly question: string
  readonly delta: (delta: object, finish?: string) => void
  /** Answers with text and ends. */
  readonly say: (...words: string[]) => void
  /** Asks for tools and ends. */
  readonly ask: (...ids: string[]) => void
}

type Play = (call: Call) => void | Promise<void>

export const agentFields = 'workers: 1, concurrency: 8, queue: 20'

export function workloadOf(agent: string, more = ''): Workload {
  const { workload, problems } = parseWorkload(`
name: test
users: { think: 1s, turns: 3 }
scenarios: [{ name: only, say: hello, depth: 1, tools: [lookup] }]
agent: { ${agent} }
model: { id: played-model, input: { system: 200, message: 30, toolResult: 10, history: window(4) }, output: 8, maxTokens: 64, ttft: 1ms, perToken: 1ms ${more} }
tools: { lookup: { latency: 1ms, arguments: { word: [a, b] } } }
`)
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return workload!
}

/** A model and a tool of a few lines, and the agent before them. */
export async function world(
  play: Play,
  agent = agentFields,
  workload = workloadOf(agent),
  modelUrl?: string,
) {
  const toolCalls: { headers: IncomingMessage['headers']; body: string; path: string }[] = []
  const played = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    if (request.url!.startsWith('/tools/')) {
      toolCalls.push({ headers: request.headers, body: text, path: request.url! })
      response.end('{"found":true}')
    } else await play(callOf(JSON.parse(text) as Sent, request, response))
  })
  await new Promise<void>((resolve) => played.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(played.address() as AddressInfo).port}`
  const options = { host: '127.0.0.1', port: 0, toolsUrl: origin, apiKey: 'test', speed: 20 }
  const server = await startAgent(workload, { ...options, modelUrl: modelUrl ?? `${origin}/v1` })
  onTestFinished(async () => {
    await server.close()
    played.closeAllConnections()
    played.close()
  })
  const open = async (): Promise<string> => {
    const response = await fetch(`${server.url}/api/sessions`, { method: 'POST' })
    expect(response.status).toBe(201)
    return ((await response.json()) as { session_id: string }).session_id
  }
  const post = (id: string, content: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${server.url}/api/sessions/${id}/messages`, {
      method: 'POST',
      body: JSON.stringify({ content }),
      ...init,
    })
  const metrics = async () => parseMetrics(await (await fetch(`${server.url}/metrics`)).text())
  return { url: server.url, toolCalls, open, post, metrics }
}

function callOf(body: Sent, request: IncomingMessage, response: ServerResponse): Call {
  const chunk = (value: object): void => void response.write(`data: ${JSON.stringify(value)}\n\n`)
  const delta = (delta: object, finish: string | null = null): void => {
    if (!response.headersSent) response.writeHead(200, { 'content-type': 'text/event-stream' })
    chunk({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })
  }
  const end = (tokens: number): void => {
    chunk({
      id: 'x',
      choices: [],
      usage: { prompt_tokens: 1, completion_tokens: tokens, total_tokens: 1 + tokens },
    })
    response.end('data: [DONE]\n\n')
  }
  return {
    body,
    request,
    response,
    question: body.messages.findLast(({ role }) => role === 'user')!.content,
    delta,
    say(...words) {
      for (const word of words) delta({ content: word })
      delta({}, 'stop')
      end(words.length)
    },
    ask(...ids) {
      for (const [index, id] of ids.entries()) {
        delta({ tool_calls: [{ index, id, type: 'function', function: { name: 'lookup', arguments: '' } }] })
        for (const part of ['{"wo', 'rd":"a"}'])
          delta({ tool_calls: [{ index, function: { arguments: part } }] })
      }
      delta({}, 'tool_calls')
      end(8)
    },
  }
}

function parseMetrics(text: string): Map<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    samples.map((line) => {
      const [, name, value] = /^([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (\S+)$/.exec(line)!
      return [name!, Number(value)]
    }),
  )
}

interface Event {
  readonly type: string
  readonly data: {
    text?: string
    content?: string
    error?: { code: string; message: string }
    timings?: object
  }
}

export const parseEvents = (text: string): Event[] =>
  [...text.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, type, data]) => ({
    type: type!,
    data: JSON.parse(data!) as Event['data'],
  }))

export const errorOf = async (response: Response) =>
  ((await response.json()) as { error: { code: string; message: string; retry_after_ms?: number } }).error

export const sse = { headers: { accept: 'text/event-stream' } }

export function gate(): { readonly opened: Promise<void>; open: () => void } {
  let open!: () => void
  return { opened: new Promise((resolve) => (open = resolve)), open: () => open() }
}
