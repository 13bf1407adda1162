import type { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import * as library from 'ws'
import { maskedFrame, opcodes } from './masked-frame.ts'

/** How the library reads frames; its types leave it out. */
const { Receiver } = library as unknown as {
  readonly Receiver: new (options: Readonly<Record<string, unknown>>) => Writable
}

/** What a server of the library understands. */
function understood(frames: readonly string[]): Promise<unknown[]> {
  const told: unknown[] = []
  const receiver = new Receiver({ isServer: true, maxPayload: 2 ** 20, skipUTF8Validation: false })
  receiver
    .on('message', (data: Buffer, isBinary: boolean) => told.push([isBinary, data.toString()]))
    .on('pong', (data: Buffer) => told.push(['pong', data.toString()]))
    .on('conclude', (code: number) => told.push(['close', code]))
    .on('error', (error: Error) => told.push(['error', error.message]))
  return new Promise((resolve) => {
    receiver.on('finish', () => resolve(told))
    for (const frame of frames) receiver.write(Buffer.from(frame, 'latin1'))
    receiver.end()
  })
}

const sizes = [0, 1, 2, 3, 4, 5, 125, 126, 127, 350, 16_000, 16_384, 65_535, 65_536, 65_537, 200_000]

test.each([0, 1, -1, 0x12_34_56_78, -0x65_43_21_0f])(
  'with the key %i a server reads every length',
  async (mask) => {
    const texts = [...sizes.map((size) => 'x'.repeat(size)), 'größer 🙂', '🙂'.repeat(9000)]
    expect(await understood(texts.map((text) => maskedFrame(opcodes.text, text, mask)))).toEqual(
      texts.map((text) => [false, text]),
    )
  },
)

test('pongs and goodbyes are bytes', async () => {
  const frames = [
    maskedFrame(opcodes.pong, Buffer.from('ping'), 7),
    maskedFrame(opcodes.close, Buffer.from([3, 232]), 9),
  ]
  expect(await understood(frames)).toEqual([
    ['pong', 'ping'],
    ['close', 1000],
  ])
})
