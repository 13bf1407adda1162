import { expect, test } from 'vitest'
import { VoiceActivity, type VoiceEvent } from './voice-activity.ts'

const rate = 8000
/** A tone, or silence, of so many milliseconds. */
const tone = (ms: number, amplitude: number): Int16Array =>
  Int16Array.from(
    { length: (rate * ms) / 1000 },
    (_, i) => amplitude * Math.sin((2 * Math.PI * 300 * i) / rate),
  )

function heard(parts: readonly Int16Array[], silenceMs: number, piece = 160): VoiceEvent[] {
  const activity = new VoiceActivity({ sampleRate: rate, silenceMs })
  const all = Int16Array.from(parts.flatMap((part) => [...part]))
  const events: VoiceEvent[] = []
  for (let i = 0; i < all.length; i += piece) events.push(...activity.push(all.subarray(i, i + piece)))
  return events
}

const spoken = [tone(500, 0), tone(800, 6000), tone(200, 0), tone(400, 6000), tone(700, 0)]

test.each([160, 1, 37, 4000])(
  'speech begins and ends at its instants, a short pause within it: pieces of %i',
  (piece) => {
    expect(heard(spoken, 400, piece)).toEqual([
      { type: 'speech-start', atMs: 500 },
      { type: 'speech-end', atMs: 1900 },
    ])
  },
)

test('a silence that is long enough ends it', () => {
  expect(heard(spoken, 150).map(({ type, atMs }) => `${type} ${atMs}`)).toEqual([
    'speech-start 500',
    'speech-end 1300',
    'speech-start 1500',
    'speech-end 1900',
  ])
})

test.each([
  ['silence', [tone(2000, 0)]],
  ['clicks', [tone(300, 0), tone(30, 9000), tone(300, 0), tone(40, 9000), tone(300, 0)]],
  ['noise of the line', [tone(3000, 80)]],
])('%s is no speech', (_, parts) => {
  expect(heard(parts, 300)).toEqual([])
})

test('speech is heard over noise that lasts, and the noise does not hide its end', () => {
  const noisy = [tone(6000, 200), tone(500, 8000), tone(600, 200)]
  expect(heard(noisy, 300)).toContainEqual({ type: 'speech-end', atMs: 6500 })
})
