/**
 * Reads many streams at the least cost there is and says how late their tokens came.
 *
 *   node bench/provider/reader.ts --url http://127.0.0.1:4010/v1/chat/completions --streams 500 --seconds 15
 *
 * With --polls it has its core to itself and never sleeps: a reader that does has to be woken for each chunk, late and by the core
 * that wrote it.
 *
 * Every stream asks again when it has ended. Token k of a stream is due `first-ms` and k × `gap-ms` after its request was
 * sent, however late those before it were. A token that came in the same read as another one is as late as that read.
 * Prints one line of JSON.
 */
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { monotonicMs } from '../../src/clock/now.ts'
import { startSelfProbe } from '../../src/host/edge/self-probe.ts'

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: '' },
    streams: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '15' },
    tokens: { type: 'string', default: '200' },
    'first-ms': { type: 'string', default: '200' },
    'gap-ms': { type: 'string', default: '20' },
    polls: { type: 'boolean', default: false },
  },
})
const url = new URL(values.url)
const streams = Number(values.streams)
const tokens = Number(values.tokens)
const firstMs = Number(values['first-ms'])
const gapMs = Number(values['gap-ms'])

const answerMs = firstMs + tokens * gapMs
const isWorthWaiting = answerMs <= 10_000
/**
 * Streams begin over this time: over that of an answer, so that they ask again as evenly as streams do that know nothing of each
 * other, unless that takes too long.
 */
const rampMs = isWorthWaiting ? answerMs : 2000
/**
 * Tokens are counted from then on: once every stream has asked again, since a server's first requests are read while it
 * still compiles what answers them, and the whole of each answer is as late as its request was read. Where answers take
 * longer than that is worth waiting for, once all have begun.
 */
const warmMs = isWorthWaiting ? rampMs + answerMs + 1000 : 2 * rampMs
/** What has not come by then is lost. */
const graceMs = 2000
const lateMs = 20

const body = JSON.stringify({
  model: 'bench',
  stream: true,
  max_tokens: tokens,
  ignore_eos: true,
  messages: [{ role: 'user', content: 'hello' }],
})
const request =
  `POST ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nauthorization: Bearer bench\r\n` +
  `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

const token = Buffer.from('"content":"')
const newline = 0x0a
const nothing = Buffer.from('"content":""')
const done = Buffer.from('[DONE]')
const end = Buffer.from('0\r\n\r\n')
const buffer = Buffer.allocUnsafe(65_536)

let fromMs = Infinity
let untilMs = Infinity
const inWindow = (dueMs: number): boolean => dueMs >= fromMs && dueMs < untilMs
let due = 0
let came = 0
let late = 0
/** Connections that a provider cut. */
let broken = 0
const latenessMs: number[] = []

class Stream {
  #sentMs = NaN
  #seen = 0
  #isDone = false
  /** Bytes of a token's name that the last read ended with. */
  #begun = 0

  constructor(startMs: number) {
    const socket = connect({
      host: url.hostname,
      port: Number(url.port),
      noDelay: true,
      onread: {
        buffer,
        callback: (length) => {
          const bytes = buffer.subarray(0, length)
          this.#read(bytes)
          if (this.#isDone && bytes.includes(end)) this.#ask(() => socket.write(request))
          return true
        },
      },
    })
    socket.on('error', () => broken++)
    setTimeout(() => this.#ask(() => socket.write(request)), startMs)
  }

  #ask(send: () => void): void {
    this.close()
    this.#sentMs = monotonicMs()
    this.#seen = 0
    this.#isDone = false
    if (this.#sentMs < untilMs) send()
  }

  /** Counts what was due of it and never came. */
  close(): void {
    for (let k = this.#seen; k < tokens; k++) if (inWindow(this.#dueMs(k))) due++
    this.#sentMs = NaN
  }

  #dueMs(k: number): number {
    return this.#sentMs + firstMs + k * gapMs
  }

  #read(bytes: Buffer): void {
    const now = monotonicMs()
    let count = this.#occurrences(bytes)
    // Who speaks is said with an empty text, before the first token.
    if (this.#seen === 0 && count > 0 && bytes.includes(nothing)) count--
    for (; count > 0; count--) {
      const dueMs = this.#dueMs(this.#seen++)
      if (!inWindow(dueMs)) continue
      due++
      came++
      if (now - dueMs > lateMs) late++
      // Sampled: one in eight is enough for a percentile.
      if ((came & 7) === 0) latenessMs.push(Math.max(0, now - dueMs))
    }
    if (bytes.includes(done)) this.#isDone = true
  }

  #occurrences(bytes: Buffer): number {
    let count = 0
    let at = 0
    if (this.#begun > 0 && bytes.subarray(0, token.length - this.#begun).equals(token.subarray(this.#begun)))
      count++
    for (at = bytes.indexOf(token); at >= 0; at = bytes.indexOf(token, at + token.length)) count++
    this.#begun = 0
    // A provider that writes whole events ends a read with one.
    if (bytes.at(-1) === newline) return count
    for (let length = token.length - 1; length > 0; length--) {
      if (!bytes.subarray(-length).equals(token.subarray(0, length))) continue
      this.#begun = length
      break
    }
    return count
  }
}

/** How long it did not look, by how much of all time that was: what came in a tenth of it was seen late by that at most. */
class Looks {
  readonly #bins = new Float64Array(1000)
  #lastMs = NaN
  #totalMs = 0

  look(): void {
    const nowMs = monotonicMs()
    const awayMs = nowMs - this.#lastMs
    this.#lastMs = nowMs
    if (!inWindow(nowMs) || Number.isNaN(awayMs)) return
    this.#totalMs += awayMs
    this.#bins[Math.min(this.#bins.length - 1, Math.ceil(awayMs / binMs))]! += awayMs
  }

  /** In 99 of 100 instants it looked again within this. */
  p99Ms(): number {
    let leftMs = 0.99 * this.#totalMs
    return this.#bins.findIndex((awayMs) => (leftMs -= awayMs) <= 0) * binMs
  }
}
const binMs = 0.1

const probe = startSelfProbe()
const looks = new Looks()
function poll(): void {
  looks.look()
  setImmediate(poll)
}
if (values.polls) poll()
const all = Array.from({ length: streams }, (_, i) => new Stream((i / streams) * rampMs))
setTimeout(() => {
  fromMs = monotonicMs()
  untilMs = fromMs + Number(values.seconds) * 1000
  probe.restart()
  console.log(JSON.stringify({ event: 'begin' }))
  setTimeout(() => {
    const { cores } = probe.read()
    console.log(JSON.stringify({ event: 'end', cores }))
  }, untilMs - fromMs)
  setTimeout(say, untilMs - fromMs + graceMs)
}, warmMs)

function say(): void {
  for (const stream of all) stream.close()
  const sorted = Float64Array.from(latenessMs).sort()
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN
  const readerP99Ms = values.polls ? { readerP99Ms: looks.p99Ms() } : {}
  const lateness = { latenessP50Ms: at(0.5), latenessP99Ms: at(0.99) }
  console.log(JSON.stringify({ due, came, late, broken, ...lateness, ...readerP99Ms }))
  process.exit()
}
