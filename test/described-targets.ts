// For tests: protocols that a target section describes, as the faulty server speaks them.
import { parseWorkload } from '../src/workload/parse-workload.ts'
import type { Target } from '../src/workload/target.ts'

const descriptions = {
  'http-sse': `
  http:
    open: { path: /threads, body: { user: "user {user}" }, session: /thread/id }
    send:
      path: /threads/{session}/runs
      headers: { x-user: "{user}", x-key: "\${env:KEY}" }
      body: { input: [ { role: user, content: "{text}" } ], stream: true }
    answer:
      format: sse
      when: { event: token }
      text: /delta/text
      tokens: /n
      end: { event: done }
      error: /error
    close: { path: "/threads/{session}" }
`,
  'http-lines': `
  http:
    send: { path: /api/chat, body: { conversation: "{session}", message: "{text}" } }
    answer: { format: ndjson, text: /message/content, end: /done, error: /error }
`,
  'http-json': `
  http:
    send: { method: PUT, path: /chat, body: { conversation: "{session}", message: "{text}" } }
    answer: { format: json, text: /reply/-1/text, session: /conversation, error: /error }
`,
  'http-poll': `
  http:
    send: { path: /jobs, body: { question: "{text}" } }
    answer: { format: json, text: /reply/-1/text, error: /error }
    poll:
      path: /jobs/{job}
      job: /id
      interval: 1ms
      limit: 60s
      done: { at: /status, is: done }
      failed: { at: /status, is: [failed, cancelled] }
`,
  websocket: `
  websocket:
    path: /chat/{user}
    headers: { x-key: "\${env:KEY}" }
    send: { body: { conversation: "{session}", message: "{text}", trace: "{traceparent}" } }
    answer: { text: /message/content, end: /done, error: /error }
`,
}

export type Described = keyof typeof descriptions

/** The target of a workload file; mistakes in it throw. */
export function targetOf(section: string): Target {
  const { workload, problems } = parseWorkload(`target:\n${section}`, { env: { KEY: 'hidden-key' } })
  if (!workload?.target || problems.length > 0) throw new Error(JSON.stringify(problems))
  return workload.target
}

export const driverOfDescribed = (name: Described): 'http' | 'websocket' =>
  name === 'websocket' ? 'websocket' : 'http'

export const describedTarget = (name: Described): Target =>
  targetOf(`  url: http://127.0.0.1\n  driver: ${driverOfDescribed(name)}${descriptions[name]}`)
