import { expect, test } from 'vitest'
import { decodeMulaw, encodeMulaw, mulawPower, mulawToLinear } from './mulaw.ts'

test.each([
  [0x00, -32_124],
  [0x0f, -16_764],
  [0x10, -15_996],
  [0x70, -120],
  [0x7e, -8],
  [0x7f, 0],
  [0x80, 32_124],
  [0x8f, 16_764],
  [0xf0, 120],
  [0xfe, 8],
  [0xff, 0],
])('byte %i is the sample %i of G.711', (byte, sample) => {
  expect(mulawToLinear[byte]).toBe(sample)
})

test('each byte is the code of its own sample; of the two zeros the positive one', () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const again = encodeMulaw(decodeMulaw(bytes))
  expect([...again]).toEqual([...bytes].map((byte) => (byte === 0x7f ? 0xff : byte)))
})

test('samples come back within half of a step, which is a sixteenth of their size, and clip', () => {
  const samples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768)
  const again = decodeMulaw(encodeMulaw(samples))
  samples.forEach((sample, i) => {
    const kept = Math.max(-32_124, Math.min(32_124, sample))
    if (Math.abs(again[i]! - kept) > Math.abs(kept) / 32 + 8) expect([sample, again[i]]).toEqual([])
  })
})

test('power is 0 for silence and near 1 for the loudest square wave', () => {
  expect(mulawPower(new Uint8Array(160).fill(0xff))).toBe(0)
  expect(mulawPower(new Uint8Array(160).fill(0x80))).toBeCloseTo(0.961, 3)
})
