import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { targetOf } from '../../../test/described-targets.ts'
import { answerSocket, frame, websocketType } from '../../../test/websocket-answer.ts'
import type { Driver, TurnObserver } from '../driver.ts'
import { startRunClock } from '../edge/run-clock.ts'
import { websocket } from './websocket.ts'

interface World {
  readonly driver: Driver
  /** What was said on each connection. */
  readonly heard: string[][]
  readonly sockets: Socket[]
  readonly protocols: (string | undefined)[]
}

const cleanups: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** `answers[i]` is what the target says to message i of a connection; the last one goes on. */
async function setUp(protocol: string, answers: readonly (readonly (string | Buffer)[])[]): Promise<World> {
  const heard: string[][] = []
  const sockets: Socket[] = []
  const protocols: (string | undefined)[] = []
  const server = createServer()
  server.on('upgrade', (request, socket: Socket) => {
    const mine: string[] = []
    let answered = 0
    heard.push(mine)
    sockets.push(socket)
    protocols.push(request.headers['sec-websocket-protocol'])
    answerSocket(
      request,
      socket,
      (response) => {
        response.writeHead(200, { 'content-type': websocketType })
        for (const part of answers[Math.min(answered++, answers.length - 1)]!) response.write(part)
      },
      (message) => mine.push(message),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`
  const target = targetOf(`  url: ${url}\n  driver: websocket\n  websocket:\n${protocol}`)
  const clock = startRunClock(1)
  const driver = websocket({
    ...target,
    connections: 4,
    now: () => clock.now(),
    at: (atMs, ring) => clock.at(atMs, ring),
    users: 2,
    model: '',
    historyMessages: 0,
  })
  cleanups.push(
    () => new Promise((resolve) => server.close(() => resolve())),
    () => {
      for (const socket of sockets) socket.destroy()
    },
    () => driver.close(),
    () => clock.stop(),
  )
  return { driver, heard, sockets, protocols }
}

async function ask(driver: Driver, turn: number, session = 0) {
  let said = ''
  const seen: TurnObserver = { token() {}, header() {}, status() {}, text: (part) => void (said += part) }
  const message = { session, turn, text: `say ${turn}`, traceparent: '00-0-0-01', last: false }
  return { ...(await driver.turn(message, seen, new AbortController().signal)), said }
}

const plain = `
    send: { body: { say: "{text}" } }
    answer: { text: /t, end: /last, error: /error }
`
const whole = '{"t":"yes","last":true}'
const say = (turn: number): string => JSON.stringify({ say: `say ${turn}` })

test('each session has one socket for all its turns', async () => {
  const { driver, heard } = await setUp(plain, [[whole]])
  for (const [turn, session] of [0, 0, 1, 1].entries())
    expect(await ask(driver, turn, session)).toMatchObject({ outcome: 'completed', said: 'yes' })
  expect(heard).toEqual([
    [say(0), say(1)],
    [say(2), say(3)],
  ])
})

test('a socket that is cut is a failed turn, and the next turn connects anew', async () => {
  const { driver, heard, sockets } = await setUp(plain, [['{"t":"y"}'], [whole]])
  const turn = ask(driver, 0)
  while (heard[0]?.length !== 1) await new Promise((next) => setTimeout(next, 1))
  sockets[0]!.destroy()
  expect(await turn).toMatchObject({ outcome: 'failed', errorKind: 'protocol' })
  const again = ask(driver, 1)
  while (heard[1]?.length !== 1) await new Promise((next) => setTimeout(next, 1))
  sockets[1]!.destroy()
  await again
  expect(heard).toEqual([[say(0)], [say(1)]])
})

test('a socket that the target ended between two turns is replaced, and no turn fails', async () => {
  const { driver, heard, sockets } = await setUp(plain, [[whole]])
  await ask(driver, 0)
  const ended = new Promise((resolve) => sockets[0]!.once('close', resolve))
  sockets[0]!.end(frame(8, Buffer.from([0x03, 0xe8])))
  await ended
  expect(await ask(driver, 1)).toMatchObject({ outcome: 'completed' })
  expect(heard).toEqual([[say(0)], [say(1)]])
})

test('what is left of an answer that nobody waits for is not taken for the next one', async () => {
  const { driver, heard } = await setUp(plain, [['{"error":"no"}', whole], [whole]])
  expect(await ask(driver, 0)).toMatchObject({ outcome: 'failed', errorKind: 'http_5xx' })
  expect(await ask(driver, 1)).toMatchObject({ outcome: 'failed' })
  expect(heard).toHaveLength(2)
})

test('a hello, and its answer with an id', async () => {
  const { driver, heard } = await setUp(
    `
    path: /v1
    open: { body: { hello: "{user}" }, until: { at: /type, is: ready }, session: /id }
    send: { body: { say: "{text}", to: "{session}" } }
    answer: { text: /t, end: { at: /last } }
`,
    [['{"type":"wait","id":1}', '{"type":"ready","id":7}'], [whole]],
  )
  expect(await ask(driver, 0, 3)).toMatchObject({ outcome: 'completed', said: 'yes' })
  await ask(driver, 1, 3)
  expect(heard[0]!.map((each) => JSON.parse(each) as unknown)).toEqual([
    { hello: '1' },
    { say: 'say 0', to: '7' },
    { say: 'say 1', to: '7' },
  ])
})

test.each([
  ['bytes', [frame(2, Buffer.from(whole))], 'the target sent bytes where JSON was expected'],
  ['a frame with reserved bits', [Buffer.from([0xf1, 0])], /^the target sent no WebSocket message/],
  ['text that is no UTF-8', [frame(1, Buffer.from([0xff]))], /^the target sent no WebSocket message/],
  ['too much in fragments', [Buffer.concat([Buffer.from([0x01, 127, 0, 0, 0, 0, 0x7f, 0, 0, 0])])], /1 MB$/],
  ['no text before the end', ['{"last":true}'], 'the answer has no text at "/t"'],
  [
    'text elsewhere',
    ['{"data":{"a/b":"yes","n":1}}', '{"last":true}'],
    'the answer has no text at "/t"; there is text at "/data/a~1b"',
  ],
  [
    'text elsewhere in a later message',
    [
      '{"type":"start"}',
      '{"type":"text","delta":{"text":"yes, "}}',
      '{"type":"text","delta":{"text":"it is"}}',
      '{"last":true}',
    ],
    'the answer has no text at "/t"; there is text at "/delta/text", "/type"',
  ],
])('%s', async (_, answer, message) => {
  const { driver } = await setUp(plain, [answer])
  const result = await ask(driver, 0)
  expect(result).toMatchObject({ outcome: 'failed', errorKind: 'protocol' })
  expect(result.message).toMatch(message)
})

test('a target without the subprotocol', async () => {
  const { driver, protocols } = await setUp(`${plain}    protocols: [chat.v1]\n`, [[whole]])
  expect(await ask(driver, 0)).toMatchObject({
    outcome: 'failed',
    errorKind: 'protocol',
    message: 'the target does not agree to the WebSocket handshake',
  })
  expect(protocols).toEqual(['chat.v1'])
})
