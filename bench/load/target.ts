/**
 * What load testers are measured on: an agent's session API that costs as little as it can, on bare sockets.
 *
 *   node bench/load/target.ts --tokens 200 --first-ms 200 --gap-ms 20 --think-ms 0
 *
 * A message that accepts an event stream gets `tokens` events on an absolute schedule, any other one JSON after
 * `think-ms`. Every token carries the instant at which it was written, on the machine's monotonic clock. It prints its
 * port, and at the end of its input what it saw itself: how late it wrote, and how long its answers took; with --by-turn
 * also of each turn, where requests name theirs.
 */
import { type Socket, createServer } from 'node:net'
import { parseArgs } from 'node:util'
import { monotonicMs } from '../../src/clock/now.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    tokens: { type: 'string', default: '200' },
    'first-ms': { type: 'string', default: '200' },
    'gap-ms': { type: 'string', default: '20' },
    'think-ms': { type: 'string', default: '0' },
    'by-turn': { type: 'boolean', default: false },
  },
})
const tokens = Number(values.tokens)
const firstMs = Number(values['first-ms'])
const gapMs = Number(values['gap-ms'])
const thinkMs = Number(values['think-ms'])

const kept = 2_000_000
/** The newest samples of something, for their percentiles. */
class Samples {
  readonly #values = new Float64Array(kept)
  #count = 0
  add(value: number): void {
    this.#values[this.#count++ % kept] = value
  }
  read(): { count: number; p50: number; p99: number } {
    const sorted = this.#values.slice(0, Math.min(this.#count, kept)).sort()
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
    return { count: this.#count, p50: at(0.5), p99: at(0.99) }
  }
}
const lateMs = new Samples()
const answerMs = new Samples()

const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`
const streamHead = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const streamEnd = `${chunk('event: done\ndata: {"content":"","tokens":{"input":10,"output":200}}\n\n')}0\r\n\r\n`
const whole = (status: string, body: string): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const created = whole('201 Created', '{"session_id":"s-1"}')
const answered = whole('200 OK', '{"content":"All is well.","timings":{}}')
const deleted = 'HTTP/1.1 204 No Content\r\n\r\n'

/** Session, turn and how long its answer took. */
const turns: [session: number, turn: number, tookMs: number][] = []

function answeredIn(job: Pick<Job, 'askedMs' | 'turn'>): void {
  const tookMs = monotonicMs() - job.askedMs
  answerMs.add(tookMs)
  if (job.turn) turns.push([...job.turn, tookMs])
}

function turnOf(head: string): Job['turn'] {
  const named = values['by-turn']
    ? /baggage: *plimsoll\.session=(\d+),plimsoll\.turn=(\d+)/i.exec(head)
    : null
  return named ? [Number(named[1]), Number(named[2])] : undefined
}

interface Job {
  readonly socket: Socket
  readonly turn: readonly [session: number, turn: number] | undefined
  readonly askedMs: number
  /** Tokens written so far; -1 waits to answer in one piece. */
  written: number
}

/** Jobs by the millisecond in which they are due: one timer for all. */
const wheel = new Map<number, Job[]>()
let nextMs = Math.floor(monotonicMs())
function plan(atMs: number, job: Job): void {
  const slot = Math.max(Math.ceil(atMs), nextMs)
  const due = wheel.get(slot)
  if (due) due.push(job)
  else wheel.set(slot, [job])
}
setInterval(() => {
  const now = monotonicMs()
  for (; nextMs <= now; nextMs++) {
    const due = wheel.get(nextMs)
    if (!due) continue
    wheel.delete(nextMs)
    for (const job of due) step(job)
  }
}, 1)

function step(job: Job): void {
  const { socket } = job
  if (socket.destroyed) return
  const now = monotonicMs()
  if (job.written < 0) {
    socket.write(answered)
    answeredIn(job)
    return
  }
  const dueMs = job.askedMs + firstMs + job.written * gapMs
  lateMs.add(now - dueMs)
  job.written++
  const token = chunk(`event: token\ndata: {"text":"${now.toFixed(3)} ","tokens":1}\n\n`)
  if (job.written < tokens) {
    socket.write(token)
    plan(dueMs + gapMs, job)
  } else {
    socket.write(token + streamEnd)
    answeredIn(job)
  }
}

let firstAskedMs: number | undefined
function answer(socket: Socket, head: string): void {
  const askedMs = monotonicMs()
  firstAskedMs ??= askedMs
  if (head.startsWith('DELETE')) socket.write(deleted)
  else if (!/^POST \S+\/messages/.test(head)) socket.write(created)
  else if (/accept: *text\/event-stream/i.test(head)) {
    socket.write(streamHead)
    plan(askedMs + firstMs, { socket, turn: turnOf(head), askedMs, written: 0 })
  } else if (thinkMs > 0) plan(askedMs + thinkMs, { socket, turn: turnOf(head), askedMs, written: -1 })
  else {
    socket.write(answered)
    answeredIn({ askedMs, turn: turnOf(head) })
  }
}

const server = createServer({ noDelay: true, highWaterMark: 4096 }, (socket) => {
  let rest = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    rest += bytes.toString('latin1')
    for (;;) {
      const end = rest.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = rest.slice(0, end)
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0)
      if (rest.length < end + 4 + length) return
      rest = rest.slice(end + 4 + length)
      answer(socket, head)
    }
  })
})
server.listen({ port: Number(values.port), host: values.host, backlog: 65_535 }, () => {
  const address = server.address()
  if (typeof address === 'object' && address) console.log(JSON.stringify({ port: address.port }))
})
process.stdin.resume()
process.stdin.on('end', () => {
  const seen = { lateMs: lateMs.read(), answerMs: answerMs.read(), firstAskedMs, turns }
  process.stdout.write(`${JSON.stringify(seen)}\n`, () => process.exit())
})
