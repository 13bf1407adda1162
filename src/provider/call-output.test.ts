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
  end(text: string): void {
    this.pieces.push(text)
    this.ended = true
  }
}

test('a reader that does not read is written one buffer and no more; then all of it, in order', () => {
  const tokens = 20_000
  const text = 'abcd'.repeat(tokens)
  const answer = { text, toolCalls: [], finish: 'stop' } as const
  const usage = { inputTokens: 1, cachedTokens: 0, outputTokens: tokens }
  const response = new SlowResponse()
  const saying = {
    response: response as unknown as ServerResponse,
    headers: {},
    streamType: undefined,
    tokens,
    unavailableStatus: 503,
    began: () => undefined,
    isWrongLength: false,
  }
  const output = streamedOutput(
    saying,
    new ChatStream({ id: 'x', createdSeconds: 1, model: 'm' }, answer, usage, false),
    1,
  )
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
