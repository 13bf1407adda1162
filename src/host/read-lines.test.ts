import { PassThrough } from 'node:stream'
import { finished } from 'node:stream/promises'
import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

async function linesOf(chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, 8, (line) => lines.push(line))
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  await finished(stream)
  return lines
}

const cut = (line: string): string => `${line} … (the rest of the line is left out)`

test.each<[string, (string | Buffer)[], string[]]>([
  ['several in one piece', ['one\ntwo\n'], ['one', 'two']],
  ['one in several pieces', ['o', 'n', 'e\n'], ['one']],
  ['the last without an end', ['one\ntwo'], ['one', 'two']],
  ['of other systems, broken in between', ['one\r', '\ntwo\r\n'], ['one', 'two']],
  ['empty ones', ['\n\none\n\n'], ['one']],
  ['progress that is redrawn', ['1 %\r2 %\r'], ['1 %', '2 %']],
  ['as long as allowed', ['12345678\n'], ['12345678']],
  ['too long', ['123456789\nnext\n'], [cut('12345678'), 'next']],
  ['too long, in pieces', ['12345678', '9', 'and more', '\nnext\n'], [cut('12345678'), 'next']],
  ['a character broken in between', [Buffer.from([0xe2, 0x82]), Buffer.from([0xac, 0x0a])], ['€']],
])('lines: %s', async (_, chunks, lines) => {
  expect(await linesOf(chunks)).toEqual(lines)
})

test('a line without end keeps no more than its beginning', async () => {
  const stream = new PassThrough()
  const lines: string[] = []
  readLines(stream, 1000, (line) => lines.push(line))
  const piece = 'x'.repeat(1_000_000)
  // More than a string can hold.
  for (let i = 0; i < 1000; i++)
    if (!stream.write(piece)) await new Promise((resolve) => setImmediate(resolve))
  stream.end()
  await finished(stream)
  expect(lines).toEqual([cut('x'.repeat(1000))])
})
