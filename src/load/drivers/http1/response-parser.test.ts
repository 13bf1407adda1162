import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ResponseParser } from './response-parser.ts'

interface Heard {
  heads: { status: number; headers: Record<string, unknown> }[]
  body: string
  ends: boolean[]
  error: string
}

/** Feeds bytes in pieces that end where told, then the end of the connection. */
function parse(text: string, cuts: readonly number[] = []): Heard {
  const heard: Heard = { heads: [], body: '', ends: [], error: '' }
  const parser = new ResponseParser({
    head: (status, headers) => heard.heads.push({ status, headers: { ...headers } }),
    data: (bytes, from, to) => (heard.body += bytes.toString('latin1', from, to)),
    end: (reusable) => heard.ends.push(reusable),
  })
  const bytes = Buffer.from(text, 'latin1')
  let at = 0
  try {
    for (const cut of [...cuts, bytes.length]) {
      parser.feed(bytes, at, Math.max(at, cut))
      at = Math.max(at, cut)
    }
    parser.eof()
  } catch (error) {
    heard.error = (error as Error).message
  }
  return heard
}

const lines = (...each: string[]): string => each.join('\r\n')

describe('whole answers', () => {
  test.each<[name: string, text: string, status: number, body: string, reusable: boolean]>([
    ['a length', lines('HTTP/1.1 200 OK', 'Content-Length: 5', '', 'hello'), 200, 'hello', true],
    ['no body', lines('HTTP/1.1 204 No Content', '', ''), 204, '', true],
    ['the same length twice', lines('HTTP/1.1 200 OK', 'content-length: 2, 2', '', 'ok'), 200, 'ok', true],
    ['until the end', lines('HTTP/1.1 200 OK', '', 'all there is'), 200, 'all there is', false],
    ['HTTP/1.0', lines('HTTP/1.0 200 OK', 'content-length: 2', '', 'ok'), 200, 'ok', false],
    [
      'to be closed',
      lines('HTTP/1.1 200', 'connection: Close', 'content-length: 2', '', 'ok'),
      200,
      'ok',
      false,
    ],
    [
      'chunks with extensions and trailers',
      lines(
        'HTTP/1.1 200 OK',
        'Transfer-Encoding: chunked',
        '',
        '5;a=b',
        'hello',
        '00A ',
        '0123456789',
        '0',
        'x: y',
        '',
        '',
      ),
      200,
      'hello0123456789',
      true,
    ],
    [
      'chunks rather than a length',
      lines(
        'HTTP/1.1 200 OK',
        'content-length: 99',
        'transfer-encoding: gzip, chunked',
        '',
        '1',
        'a',
        '0',
        '',
        '',
      ),
      200,
      'a',
      true,
    ],
    [
      'interim answers first',
      lines(
        'HTTP/1.1 100 Continue',
        '',
        'HTTP/1.1 103 Early Hints',
        'link: a',
        '',
        'HTTP/1.1 201 C',
        'content-length: 0',
        '',
        '',
      ),
      201,
      '',
      true,
    ],
  ])('%s', (_, text, status, body, reusable) => {
    const heard = parse(text)
    expect(heard).toMatchObject({ body, ends: [reusable], error: '' })
    expect(heard.heads.map((head) => head.status)).toEqual([status])
  })

  test('headers by lower-case name, repeated ones in a list', () => {
    const { heads } = parse(
      lines(
        'HTTP/1.1 200 OK',
        'X-A: 1',
        'x-a:2  ',
        'Set-Cookie: a=b',
        'set-cookie: c',
        '__proto__: x',
        'Content-Length: 0',
        '',
        '',
      ),
    )
    expect(heads[0]!.headers).toEqual({
      'x-a': ['1', '2'],
      'set-cookie': ['a=b', 'c'],
      ['__proto__']: 'x',
      'content-length': '0',
    })
  })
})

describe('what is not an answer', () => {
  test.each<[text: string, error: RegExp]>([
    ['SSH-2.0-OpenSSH_9.2\r\n', /does not begin with HTTP/],
    ['HTTP/2 200\r\n\r\n', /does not begin with HTTP/],
    ['HTTP/1.1 20 OK\r\n\r\n', /status line/],
    ['HTTP/1.1 200 OK\nserver: x\n\n', /without CR/],
    [lines('HTTP/1.1 200 OK', 'no colon', '', ''), /a header/],
    [lines('HTTP/1.1 200 OK', ' folded: x', '', ''), /a header/],
    [lines('HTTP/1.1 200 OK', 'a b: x', '', ''), /a header/],
    [lines('HTTP/1.1 200 OK', 'content-length: -1', '', ''), /length of the body/],
    [lines('HTTP/1.1 200 OK', 'content-length: 2', 'content-length: 3', '', 'abc'), /length of the body/],
    [lines('HTTP/1.1 101 Switching Protocols', '', ''), /changes the protocol/],
    [lines('HTTP/1.1 200 OK', 'content-length: 2', '', 'abc'), /more came/],
    [lines('HTTP/1.1 200 OK', 'content-length: 4', '', 'abc'), /was closed/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', 'z'), /no size/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1x'), /not a number/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', 'fffffffffffff'), /too long/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1', 'ab'), /longer than it says/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1\na'), /without CR/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', `1;${'x'.repeat(20_000)}`), /too long/],
    [lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1', 'a', ''), /was closed/],
    [`HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`, /longer than 64 KB/],
    ['HTTP/1.1 200 OK\r\nx', /was closed/],
    ['', /was closed/],
  ])('%j', (text, error) => {
    expect(parse(text).error).toMatch(error)
  })
})

test('the next answer on the same connection', () => {
  const bodies: string[] = []
  const parser = new ResponseParser({
    head: () => bodies.push(''),
    data: (bytes, from, to) => (bodies[bodies.length - 1] += bytes.toString('utf8', from, to)),
    end: () => {},
  })
  for (const body of ['one', 'two', '']) {
    const bytes = Buffer.from(lines('HTTP/1.1 200 OK', `content-length: ${body.length}`, '', body))
    parser.feed(bytes, 0, bytes.length)
    expect(parser.isOver).toBe(true)
    parser.restart()
  }
  expect(bodies).toEqual(['one', 'two', ''])
})

test('pieces make no difference: any answer, cut anywhere', () => {
  const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,12}$/)
  const value = fc.stringMatching(/^[\x21-\x7e]{0,20}$/)
  const body = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)) })
  const anything = fc.oneof(
    fc
      .record({
        headers: fc.array(fc.tuple(token, value), { maxLength: 4 }),
        chunks: fc.array(body, { maxLength: 5 }),
      })
      .map(({ headers, chunks }) =>
        lines(
          'HTTP/1.1 200 OK',
          ...headers
            .filter(([name]) => !/^(content-length|transfer-encoding|connection)$/i.test(name))
            .map(([name, text]) => `${name}: ${text}`),
          'transfer-encoding: chunked',
          '',
          ...chunks.filter((chunk) => chunk !== '').flatMap((chunk) => [chunk.length.toString(16), chunk]),
          '0',
          '',
          '',
        ),
      ),
    // Also what is broken must be broken in the same way.
    body.map((text) => `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${text}`),
    body.map((text) => `HTTP/1.1 ${text}\r\n\r\n`),
  )
  fc.assert(
    fc.property(anything, fc.array(fc.nat(400), { maxLength: 8 }), (text, at) => {
      const cuts = at.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b)
      expect(parse(text, cuts)).toEqual(parse(text))
    }),
    { seed: 7, numRuns: 500 },
  )
})
