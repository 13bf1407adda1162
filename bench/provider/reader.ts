/**
 * Reads many streams at the least cost there is and says when their tokens came.
 *
 *   node bench/provider/reader.ts --url http://127.0.0.1:4010/v1/chat/completions --streams 500 --seconds 15
 *
 * Every stream asks again when it has ended. A token is a `data:` line with text in it; gaps are between reads, so that a
 * provider which writes several at once shows it. Prints one line of JSON.
 */
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { monotonicMs } from '../../src/clock/now.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    streams: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '15' },
    'gap-ms': { type: 'string', default: '20' },
  },
})
const url = new URL(values.url)
const streams = Number(values.streams)
const gapMs = Number(values['gap-ms'])

const body = JSON.stringify({ model: 'bench', stream: true, messages: [{ role: 'user', content: 'hello' }] })
const request =
  `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer bench\r\n` +
  `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

const token = Buffer.from('"content":"')
const done = Buffer.from('[DONE]')
const end = Buffer.from('0\r\n\r\n')
const buffer = Buffer.allocUnsafe(65_536)

let counted = false
let tokens = 0
let gaps = 0
/** Streams that a provider cut. */
let broken = 0
const errorsMs: number[] = []

function occurrences(bytes: Buffer, of: Buffer): number {
  let count = 0
  for (let at = bytes.indexOf(of); at >= 0; at = bytes.indexOf(of, at + of.length)) count++
  return count
}

function stream(startMs: number): void {
  let lastMs = NaN
  let isDone = false
  const socket = connect({
    host: url.hostname,
    port: Number(url.port),
    noDelay: true,
    onread: {
      buffer,
      callback(length) {
        const bytes = buffer.subarray(0, length)
        const now = monotonicMs()
        const here = occurrences(bytes, token)
        if (counted && here > 0) {
          tokens += here
          if (!Number.isNaN(lastMs)) {
            gaps++
            // Sampled: one gap in eight is enough for a percentile.
            if ((gaps & 7) === 0) errorsMs.push(Math.abs(now - lastMs - here * gapMs))
          }
        }
        if (here > 0) lastMs = now
        if (bytes.includes(done)) isDone = true
        if (isDone && bytes.includes(end)) {
          isDone = false
          lastMs = NaN
          socket.write(request)
        }
        return true
      },
    },
  })
  socket.on('error', () => broken++)
  setTimeout(() => socket.write(request), startMs)
}

const warmMs = 4000
for (let i = 0; i < streams; i++) stream((i / streams) * 2000)
setTimeout(() => {
  counted = true
  console.log(JSON.stringify({ event: 'begin' }))
}, warmMs)
setTimeout(
  () => {
    const sorted = Float64Array.from(errorsMs).sort()
    const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN
    console.log(JSON.stringify({ tokens, broken, gapErrorP50Ms: at(0.5), gapErrorP99Ms: at(0.99) }))
    process.exit()
  },
  warmMs + Number(values.seconds) * 1000,
)
