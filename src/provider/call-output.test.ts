import { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { ChatStream } from '../wire/openai-chat.ts'
import { streamedOutput } from './call-output.ts'

/** A response whose reader takes nothing until it is told to. */
class SlowResponse extends EventEmitter {
  readonly writableHighWaterMark = 16_384
  readonly pieces: string[] = []
  destroyed = false
  ended = false
  writeHead(): void {}
  write(text: string): boolean {
    this.pieces.push(text)
    return false
  }
  get writableEnded(): boolean {
    return this.ended
  }
  end(text: string): void {
    this.pieces.push(text)
    this.ended = true
  }
}

function outputOf(response: SlowResponse, text: string, tokens: number) {
  const answer = { text, toolCalls: [], finish: 'stop' } as const
  const usage = { inputTokens: 1, cachedTokens: 0, outputTokens: tokens }
  const saying = {
    response: response as unknown as ServerResponse,
    headers: {},
    streamType: undefined,
    tokens,
    unavailableStatus: 503,
    record: { firstTokenAtMs: NaN },
    isWrongLength: false,
  }
  const head = { id: 'x', createdSeconds: 1, model: 'm' }
  return streamedOutput(saying, new ChatStream(head, answer, usage, { includeUsage: false }), 1)
}

test('a reader that does not read is written one buffer and no more; then all of it, in order', () => {
  const tokens = 20_000
  const text = 'abcd'.repeat(tokens)
  const response = new SlowResponse()
  const output = outputOf(response, text, tokens)
  for (let made = 1; made <= tokens; made++) output.write(made)
  expect(response.pieces.length).toBe(1)
  while (!response.ended) response.emit('drain')
  const largest = Math.max(...response.pieces.map((piece) => piece.length))
  expect(largest).toBeLessThan(response.writableHighWaterMark + 1000)
  const said = [...response.pieces.join('').matchAll(/"content":"([a-d]+)"/g)]
    .map(([, piece]) => piece)
    .join('')
  expect(said).toBe(text)
})

test('nothing is written to a reader who has left, nor after it was told that the answer failed', () => {
  const left = new SlowResponse()
  left.destroyed = true
  outputOf(left, 'abcdefgh', 2).write(2)
  expect(left.pieces).toEqual([])

  const failed = new SlowResponse()
  const output = outputOf(failed, 'abcdefgh', 2)
  output.fail('closing')
  output.write(2)
  expect(failed.pieces).toEqual([expect.stringContaining('closing')])
})
