import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decodeMulaw } from '../../wire/mulaw.ts'
import { utterances } from '../../workload/utterances.ts'
import { EncodingCheck } from './encoding-check.ts'

const speech = Buffer.concat(
  utterances.map(({ name }) => readFileSync(new URL(`../../../voices/caller/${name}.ulaw`, import.meta.url))),
)
const linear = (gain: number): Uint8Array => {
  const samples = decodeMulaw(speech).map((sample) => sample * gain)
  return new Uint8Array(samples.buffer)
}

function verdictOf(sound: Uint8Array): string | undefined {
  const check = new EncodingCheck()
  for (let at = 0; at < sound.length; at += 160) {
    const wrong = check.look(sound.subarray(at, at + 160))
    if (wrong !== undefined) return wrong
  }
  return undefined
}

test('speech as mu-law is as it should be, a tone and silence too', () => {
  expect(verdictOf(speech)).toBeUndefined()
  expect(verdictOf(new Uint8Array(40_000).fill(0xff))).toBeUndefined()
  expect(verdictOf(Uint8Array.from({ length: 40_000 }, (_, i) => (i * 37) & 0xff))).toBeUndefined()
})

test.each([1, 0.3, 0.05])('speech as linear samples is told, however loud: %d', (gain) => {
  expect(verdictOf(linear(gain))).toContain('linear samples of 16 bits')
})
