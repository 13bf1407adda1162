/**
 * The least that a server in Node does to stream: it reads no request, knows no answer, and writes the same chunk to each
 * connection when it is due, by the clock that the provider has. What it needs on a machine, nothing written in Node goes
 * below; how late it is, the machine is.
 *
 *   node bench/provider/bare.ts --port 4010 --tokens 200 --first-ms 200 --gap-ms 20
 */
import { createServer, type Socket } from 'node:net'
import { parseArgs } from 'node:util'
import { startRealClock } from '../../src/clock/edge/real-clock.ts'
import { monotonicMs } from '../../src/clock/now.ts'
import { Due } from '../../src/clock/timer-wheel.ts'

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4010' },
    tokens: { type: 'string', default: '200' },
    'first-ms': { type: 'string', default: '200' },
    'gap-ms': { type: 'string', default: '20' },
  },
})
const tokens = Number(values.tokens)
const firstMs = Number(values['first-ms'])
const gapMs = Number(values['gap-ms'])

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n'
const event = (data: string): string => {
  const text = `data: ${data}\n\n`
  return `${text.length.toString(16)}\r\n${text}\r\n`
}
/** As long as the provider's own. */
const chunk = event(
  '{"id":"chatcmpl-00000000000000000","object":"chat.completion.chunk","created":1700000000,"model":"bench",' +
    '"service_tier":"default","system_fingerprint":null,' +
    '"choices":[{"index":0,"delta":{"content":" one"},"logprobs":null,"finish_reason":null}]}',
)
const ending = `${event('[DONE]')}0\r\n\r\n`
const clock = startRealClock()

class Stream extends Due {
  readonly #socket: Socket
  #firstDueMs = NaN
  #told = 0

  constructor(socket: Socket) {
    super()
    this.#socket = socket
  }

  begin(): void {
    this.#socket.write(head, 'latin1')
    this.#firstDueMs = monotonicMs() + firstMs
    this.#told = 0
    clock.set(this, this.#firstDueMs)
  }

  fire(nowMs: number): void {
    let text = ''
    for (; this.#told < tokens && this.#dueMs() <= nowMs; this.#told++) text += chunk
    const isLast = this.#told === tokens
    this.#socket.write(isLast ? text + ending : text, 'latin1')
    if (!isLast) clock.set(this, this.#dueMs())
  }

  end(): void {
    clock.clear(this)
  }

  #dueMs(): number {
    return this.#firstDueMs + this.#told * gapMs
  }
}

createServer({ noDelay: true }, (socket) => {
  const stream = new Stream(socket)
  socket.on('error', () => undefined)
  socket.on('close', () => stream.end())
  socket.on('data', (bytes) => {
    // Whoever asks whether it is there, and for what only the provider says of itself.
    if (bytes.includes('/chat/completions')) stream.begin()
    else socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
  })
}).listen(Number(values.port), '127.0.0.1')
