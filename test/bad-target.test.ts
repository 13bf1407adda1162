import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openRun } from '../src/store/open-run.ts'
import { plimsoll } from './plimsoll.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-target-'))
const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
  rmSync(folder, { recursive: true, force: true })
})

const workload = join(folder, 'two-users.yaml')
writeFileSync(
  workload,
  `name: two users
target: { url: "http://127.0.0.1:1", driver: sessions, headers: { authorization: "Bearer \${env:SECRET_OF_THE_TEST}" } }
users: { think: 50ms }
model: { output: 10, ttft: 10ms, perToken: 1ms }
objectives: [errors < 1%]
`,
)
const env = { SECRET_OF_THE_TEST: 'hunter2-do-not-print' }

/** A server that does `answer` to every request, whatever it asks. */
function target(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () => answer(socket))
  })
  servers.push(server)
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    ),
  )
}

const http = (status: string, type: string, body: string, length = body.length): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: ${type}\r\ncontent-length: ${length}\r\n\r\n${body}`
const session = http('201 Created', 'application/json', '{"session_id":"s1"}')
const halfStream =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n1d\r\nevent: token\ndata: {"text":"a"}\r\n'

const sessionThen = (answer: (socket: Socket) => void) => {
  let asked = 0
  return (socket: Socket): void => {
    asked++
    if (asked % 2 === 1) socket.write(session)
    else answer(socket)
  }
}

const targets: readonly (readonly [
  name: string,
  answer: (() => (socket: Socket) => void) | undefined,
  kind: RegExp,
  says: RegExp,
])[] = [
  ['refuses connections', undefined, /connect/, /refuse|connect/i],
  [
    'answers 500',
    () => (socket) => socket.write(http('500 Internal Server Error', 'text/plain', 'oops')),
    /http_5xx/,
    /500/,
  ],
  [
    'answers HTML',
    () => (socket) => socket.write(http('200 OK', 'text/html', '<html><body>Welcome</body></html>')),
    /protocol/,
    /html/i,
  ],
  ['closes mid-stream', () => sessionThen((socket) => socket.end(halfStream)), /cut|protocol|connect/, /./],
  ['resets', () => (socket) => socket.resetAndDestroy(), /protocol/, /closed the connection/],
  ['never answers', () => () => {}, /abandoned/, /./],
]

const short = ['--warm-up', '100ms', '--duration', '1500ms', '--users', '2']

// They mostly wait: for what never answers, and for the end of a load.
describe.concurrent.each(targets)('a target that %s', (name, answer, kind, says) => {
  const patience = ['--set', `users.patience=${name === 'never answers' ? '400ms' : '20s'}`]
  const flags = [...short, ...patience, '--provider', 'none']

  test('is refused by the preflight, with a sentence and a hint', async () => {
    const url = answer ? await target(answer()) : 'http://127.0.0.1:9'
    const args = ['load', workload, '--target', url, ...flags, '--out', join(folder, 'runs')]
    const { code, stderr, stdout } = await plimsoll(args, { env })
    expect(code).toBe(104)
    expect(stderr).toMatch(/hint: /)
    expect(stderr + stdout).not.toContain('hunter2')
    expect(stderr).not.toMatch(/\n\s+at /)
  })

  test('is loaded all the same when told to, and every turn is accounted for', async () => {
    const url = answer ? await target(answer()) : 'http://127.0.0.1:9'
    const out = join(folder, name.replaceAll(' ', '-'))
    const args = ['load', workload, '--target', url, ...flags, '--no-preflight', '--out', out]
    const { code, stderr, stdout } = await plimsoll(args, { env })
    expect(stderr + stdout).toMatch(says)
    expect(stderr + stdout).not.toContain('hunter2')
    const [run] = readdirSync(out)
    const opened = openRun(join(out, run!))
    const turns = [...opened.readTurns()]
    const summary = opened.run!.summaries[0]!
    opened.close()
    expect(turns.length).toBeGreaterThan(2)
    for (const turn of turns) expect(turn.errorKind).toMatch(kind)
    const { inFlightAtStart, started, completed, failed, abandoned, rejected, inFlightAtEnd } = summary.turns
    expect(inFlightAtStart! + started!).toBe(completed! + failed! + abandoned! + rejected! + inFlightAtEnd!)
    expect(completed).toBe(0)
    // A machine that is busy with other things cannot keep up, and that is said first.
    expect(code).toBe(summary.generator!.valid ? 99 : 109)
  })
})
