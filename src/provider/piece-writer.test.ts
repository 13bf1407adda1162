import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { PieceWriter } from './piece-writer.ts'

const words = ['', 'one ', '', 'zwölf ', '五 ', '👍 ', '', 'x'.repeat(70_000), '', ' end']
const whole = words.join('')
type Soon = (then: () => void) => void

/** A server that says the words, each when the one before it has been taken. */
async function serveWords(words: readonly string[], soon: Soon = setImmediate): Promise<number> {
  const server = createServer((_, response) => {
    const writer = new PieceWriter(response, 'utf8')
    response.writeHead(200, { 'content-type': 'text/plain' })
    const say = (from: number): void => {
      if (from === words.length - 1) response.end(words[from])
      else if (writer.write(words[from]!)) soon(() => say(from + 1))
      else writer.onceDrained(() => say(from + 1))
    }
    say(0)
  }).listen(0, '127.0.0.1')
  onTestFinished(() => server.closeAllConnections())
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const request = (version: string, connection: string): string =>
  `GET / HTTP/${version}\r\nhost: x\r\nconnection: ${connection}\r\n\r\n`

async function bytesFor(port: number, said: string): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1')
  socket.write(said)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** The body of the answer at the front, by the rules of chunks, and what comes after it. */
function firstAnswer(bytes: Buffer): { readonly body: string; readonly rest: Buffer } {
  let at = bytes.indexOf('\r\n\r\n') + 4
  const parts: Buffer[] = []
  for (;;) {
    const end = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, end), 16)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size
    expect(bytes.toString('latin1', at, at + 2)).toBe('\r\n')
    at += 2
    if (size === 0) return { body: Buffer.concat(parts).toString(), rest: bytes.subarray(at) }
  }
}

test.each<[when: string, words: readonly string[], soon: Soon | undefined]>([
  ['one after the other', words, undefined],
  ['all at once', words.slice(1), (then) => then()],
])(
  'answers to requests that came together follow each other, whole, in chunks said %s',
  async (_, said, soon) => {
    const port = await serveWords(said, soon)
    const keep = request('1.1', 'keep-alive')
    let rest = await bytesFor(port, keep + keep + request('1.1', 'close'))
    for (let i = 0; i < 3; i++) {
      const answer = firstAnswer(rest)
      expect(answer.body).toBe(whole)
      ;({ rest } = answer)
    }
    expect(rest.length).toBe(0)
  },
)

test('a client of HTTP/1.0, which knows no chunks, gets the words alone', async () => {
  const bytes = await bytesFor(await serveWords(words), request('1.0', 'close'))
  expect(bytes.subarray(bytes.indexOf('\r\n\r\n') + 4).toString()).toBe(whole)
})
