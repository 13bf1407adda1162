import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeMulaw, encodeMulaw } from './mulaw.ts'
import { type VoiceTagKey, VoiceTagReader, voiceTag } from './voice-tag.ts'

const rates = [8000, 16_000, 24_000, 44_100, 48_000]
const keys = fc.record({
  run: fc.nat(0xffff_ffff),
  session: fc.nat(0xff_ffff),
  turn: fc.nat(0xff),
}) satisfies fc.Arbitrary<VoiceTagKey>

/** Repeats a little noise, as loud as given. */
function noise(length: number, amplitude: number, seed: number): Int16Array {
  let state = seed | 1
  return Int16Array.from({ length }, () => {
    state = Math.imul(state, 1_664_525) + 1_013_904_223
    return (state / 2 ** 31) * amplitude
  })
}

function joined(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

test('a tag is read behind any sound, through mu-law, in pieces of any length and at any rate', () => {
  fc.assert(
    fc.property(
      keys,
      fc.constantFrom(...rates),
      fc.nat(4000),
      fc.integer({ min: 50, max: 3000 }),
      (key, rate, before, piece) => {
        const tagged = voiceTag(key, rate)
        const sound = joined(noise(before, 6000, key.run), tagged, noise(rate / 2, 6000, before))
        const heard = decodeMulaw(encodeMulaw(sound))
        const reader = new VoiceTagReader(rate)
        const found: VoiceTagKey[] = []
        for (let i = 0; i < heard.length; i += piece) found.push(...reader.read(heard.subarray(i, i + piece)))
        expect(found).toEqual([key])
      },
    ),
    { numRuns: 60, seed: 7 },
  )
})

test('a tag read at 8 kHz and resampled to 16 kHz is the same tag', () => {
  const key = { run: 0xdead_beef, session: 123_456, turn: 17 }
  const narrow = joined(noise(333, 50, 3), voiceTag(key), noise(400, 50, 9))
  const wide = Int16Array.from({ length: narrow.length * 2 - 1 }, (_, i) =>
    i % 2 === 0 ? narrow[i / 2]! : (narrow[(i - 1) / 2]! + narrow[(i + 1) / 2]!) / 2,
  )
  expect(new VoiceTagReader(16_000).read(wide)).toEqual([key])
})

test('tags follow one another in one piece, and no noise is a tag', () => {
  const many = [0, 1, 2].map((turn) => ({ run: 1, session: 2, turn }))
  const silence = new Int16Array(1234)
  const sound = joined(...many.flatMap((key) => [silence, voiceTag(key)]), silence)
  expect(new VoiceTagReader(8000).read(sound)).toEqual(many)
  expect(new VoiceTagReader(8000).read(noise(80_000, 20_000, 5))).toEqual([])
})

test('turns that no tag can name are told at once', () => {
  expect(() => voiceTag({ run: 1, session: 2 ** 24, turn: 0 })).toThrow('no voice tag names')
})
