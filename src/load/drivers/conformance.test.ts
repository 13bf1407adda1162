import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Driver, DriverOptions, TurnObserver } from '../driver.ts'
import { type DriverName, driverNames, drivers } from './drivers.ts'
import { type Described, describedTarget, driverOfDescribed } from '../../../test/described-targets.ts'
import {
  type Answer,
  type Dialect,
  type FaultyServer,
  answerWell,
  frames,
  isWholeJson,
  startFaultyServer,
  streamHead,
} from '../../../test/faulty-server.ts'
import { endless, faults, pour, secret, streamFaults } from '../../../test/target-faults.ts'

/** What is asked of the target in a session of three turns. */
const asked: Record<Dialect, string[]> = {
  sessions: ['POST', 'POST', 'POST', 'POST', 'DELETE'],
  'sessions-json': ['POST', 'POST', 'POST', 'POST', 'DELETE'],
  openai: ['POST', 'POST', 'POST'],
  responses: ['POST', 'POST', 'POST'],
  anthropic: ['POST', 'POST', 'POST'],
  a2a: ['POST', 'POST', 'POST'],
  'ag-ui': ['POST', 'POST', 'POST'],
  'http-sse': ['POST', 'POST', 'POST', 'POST', 'DELETE'],
  'http-lines': ['POST', 'POST', 'POST'],
  'http-json': ['PUT', 'PUT', 'PUT'],
  'http-poll': ['POST', 'GET', 'POST', 'GET', 'POST', 'GET'],
  websocket: ['MESSAGE', 'MESSAGE', 'MESSAGE'],
}
const dialects = Object.keys(asked) as Dialect[]
const isDescribed = (dialect: Dialect): dialect is Described => /^(http-|websocket)/.test(dialect)
const driverOf = (dialect: Dialect): DriverName =>
  isDescribed(dialect) ? driverOfDescribed(dialect) : dialect

class Seen implements TurnObserver {
  tokens = 0
  statusCode = 0
  said = ''
  readonly headers = new Map<string, string>()
  onToken: (() => void) | undefined
  token(_: number, count: number): void {
    this.tokens += count
    this.onToken?.()
  }
  header(name: string, value: string): void {
    this.headers.set(name, value)
  }
  status(code: number): void {
    this.statusCode = code
  }
  text(part: string): void {
    this.said += part
  }
}

const options = (url: string, dialect: Dialect): DriverOptions => ({
  ...(isDescribed(dialect) ? describedTarget(dialect) : {}),
  url,
  headers: { authorization: `Bearer ${secret}` },
  connections: 4,
  secrets: ['another-secret'],
  now: () => 1000,
  at: (atMs, ring) => {
    const timer = setTimeout(ring, atMs - 1000)
    return { cancel: () => clearTimeout(timer) }
  },
  users: 4,
  model: 'test-model',
  historyMessages: Infinity,
})

const turnOf = (turn = 0, last = false) => ({
  session: 5,
  turn,
  text: `message ${turn}`,
  traceparent: `00-706c696d00000001000000050000000${turn}-00000000000000aa-01`,
  last,
})

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function setUp(dialect: Dialect, answer: Answer): Promise<[Driver, FaultyServer]> {
  const server = await startFaultyServer(dialect, answer)
  const driver = drivers[driverOf(dialect)](options(server.url, dialect))
  cleanups.push(
    () => server.close(),
    () => driver.close(),
  )
  return [driver, server]
}

async function noConnections(server: FaultyServer): Promise<void> {
  for (let i = 0; i < 200 && server.connections() > 0; i++) await new Promise((next) => setTimeout(next, 5))
  expect(server.connections()).toBe(0)
}

test('every driver is put to the test', () => {
  expect(new Set(dialects.map(driverOf))).toEqual(new Set(driverNames))
})

describe.each(dialects)('driver %s', (name) => {
  const streams = !isWholeJson(name)

  test('answers turns of one session and leaves nothing open', async () => {
    const [driver, server] = await setUp(name, answerWell)
    for (let turn = 0; turn < 3; turn++) {
      const seen = new Seen()
      const result = await driver.turn(turnOf(turn, turn === 2), seen, new AbortController().signal)
      expect(result).toEqual({ outcome: 'completed', errorKind: 'none' })
      expect(seen.said).toBe('Hello, order 7')
      expect(seen.tokens).toBe(streams ? 3 : 1)
      expect(seen.statusCode).toBe(name === 'websocket' ? 101 : 200)
    }
    expect(server.connections()).toBeLessThanOrEqual(2)
    const messages = server.requests.filter(({ body }) => body.includes('message'))
    expect(messages).toHaveLength(3)
    for (const [turn, { headers, body }] of messages.entries()) {
      // A socket has headers only once.
      const headed = name === 'websocket' ? 0 : turn
      expect(headers['traceparent']).toBe(turnOf(headed).traceparent)
      expect(headers['baggage']).toBe(`plimsoll.session=5,plimsoll.turn=${headed}`)
      expect(headers['authorization']).toBe(`Bearer ${secret}`)
      expect(body).toContain(`message ${turn}`)
    }
    await driver.close()
    await noConnections(server)
    expect(server.requests.map(({ method }) => method)).toEqual(asked[name])
    const history = name === 'responses' ? 'input' : 'messages'
    if (name === 'openai' || name === 'anthropic' || name === 'responses')
      expect(JSON.parse(messages[2]!.body)[history]).toEqual([
        { role: 'user', content: 'message 0' },
        { role: 'assistant', content: 'Hello, order 7' },
        { role: 'user', content: 'message 1' },
        { role: 'assistant', content: 'Hello, order 7' },
        { role: 'user', content: 'message 2' },
      ])
  })

  const cases = { ...faults, ...(streams ? streamFaults : {}) }
  test.each(Object.keys(cases))('%s', async (fault) => {
    const [answer, wanted, message] = cases[fault]!
    const [driver, server] = await setUp(name, answer)
    const result = await driver.turn(turnOf(), new Seen(), new AbortController().signal)
    expect(result).toMatchObject(wanted)
    expect(result.message).toMatch(message)
    expect(result.message).not.toContain(secret)
    expect(result.message).not.toMatch(/\n/)
    await driver.close()
    await noConnections(server)
  })

  test('goes on after a fault', async () => {
    let asked = 0
    const [driver] = await setUp(name, (response, request, dialect) =>
      asked++ === 0 ? response.socket?.destroy() : answerWell(response, request, dialect),
    )
    const signal = new AbortController().signal
    expect(await driver.turn(turnOf(0), new Seen(), signal)).toMatchObject({ errorKind: 'protocol' })
    expect(await driver.turn(turnOf(1, true), new Seen(), signal)).toMatchObject({ outcome: 'completed' })
  })

  test.each(Object.keys(endless))('patience ends a turn whose target %s', async (fault) => {
    let reached = (): void => {}
    const asked = new Promise<void>((resolve) => (reached = resolve))
    const [driver, server] = await setUp(name, (response, request, dialect) => {
      endless[fault]!(response, request, dialect)
      reached()
    })
    const patience = new AbortController()
    const turn = driver.turn(turnOf(), new Seen(), patience.signal)
    await asked
    patience.abort()
    expect(await turn).toMatchObject({ outcome: 'abandoned', errorKind: 'abandoned' })
    await driver.close()
    await noConnections(server)
  })

  test('a user who gives up frees the connection before the driver is closed', async () => {
    let reached = (): void => {}
    const asked = new Promise<void>((resolve) => (reached = resolve))
    let hungUp = (): void => {}
    const gone = new Promise<void>((resolve) => (hungUp = resolve))
    const [driver] = await setUp(name, (response) => {
      response.on('close', () => hungUp())
      reached()
    })
    const patience = new AbortController()
    const turn = driver.turn(turnOf(), new Seen(), patience.signal)
    await asked
    patience.abort()
    await turn
    await gone
  })

  test('a turn that is cut before it was sent sends nothing', async () => {
    const [driver, server] = await setUp(name, answerWell)
    const result = await driver.turn(turnOf(), new Seen(), AbortSignal.abort())
    expect(result.outcome).toBe('abandoned')
    expect(server.requests).toEqual([])
  })

  test('a target that refuses connections', async () => {
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    const driver = drivers[driverOf(name)](options(`http://127.0.0.1:${port}`, name))
    cleanups.push(() => driver.close())
    const result = await driver.turn(turnOf(), new Seen(), new AbortController().signal)
    expect(result).toEqual({
      outcome: 'failed',
      errorKind: 'connect',
      message: 'the target refuses connections',
    })
  })
})

describe.each(dialects.filter((dialect) => !isWholeJson(dialect)))('streaming driver %s', (name) => {
  test('a stream that is answered but not ended', async () => {
    const [driver, server] = await setUp(name, (response, _, dialect) => {
      response.writeHead(200, streamHead(dialect))
      for (const frame of frames(dialect)) response.write(frame)
    })
    for (let turn = 0; turn < 8; turn++) {
      const result = await driver.turn(turnOf(turn), new Seen(), new AbortController().signal)
      expect(result.outcome).toBe('completed')
    }
    await driver.close()
    await noConnections(server)
  })

  test('an endless stream is read until patience ends it', async () => {
    const [driver, server] = await setUp(name, (response, _, dialect) => {
      response.writeHead(200, streamHead(dialect))
      pour(response, frames(dialect)[0]!)
    })
    const patience = new AbortController()
    const seen = new Seen()
    seen.onToken = () => {
      if (seen.tokens === 1000) patience.abort()
    }
    expect(await driver.turn(turnOf(), seen, patience.signal)).toMatchObject({ outcome: 'abandoned' })
    await driver.close()
    await noConnections(server)
  })
})
