// Speaks the callers' utterances once more, with espeak-ng (Debian: espeak-ng), into voices/caller/*.ulaw: mu-law of
// 8 kHz without a header. Needed only after src/workload/utterances.ts has changed.
import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { encodeMulaw } from '../src/wire/mulaw.ts'
import { utterances } from '../src/workload/utterances.ts'

const folder = new URL('../voices/caller/', import.meta.url)
const rate = 8000
/** Speech is cut to where it is louder than this, so that its end is the end of the file. */
const audible = 300
const loudest = 16_000

mkdirSync(folder, { recursive: true })
let bytes = 0
for (const { name, text } of utterances) {
  const spoken = spawnSync('espeak-ng', ['-v', 'en-us', '-s', '190', '--stdout', text])
  if (spoken.status !== 0) throw new Error(`espeak-ng: ${spoken.error?.message ?? String(spoken.stderr)}`)
  const wave = spoken.stdout
  const samples = Float64Array.from(
    { length: (wave.length - 44) >> 1 },
    (_, i) => wave.readInt16LE(44 + 2 * i) / 32_768,
  )
  const sound = encodeMulaw(trimmed(atTelephoneRate(samples, wave.readUInt32LE(24))))
  writeFileSync(new URL(`${name}.ulaw`, folder), sound)
  bytes += sound.length
}
console.log(`${utterances.length} utterances, ${bytes} bytes`)

/** A windowed sinc that ends at 3.4 kHz. */
function atTelephoneRate(samples: Float64Array, from: number): Float64Array {
  const cut = 6800 / from
  const half = 64
  return Float64Array.from({ length: Math.floor((samples.length * rate) / from) }, (_, i) => {
    const centre = (i * from) / rate
    let sum = 0
    for (let j = Math.ceil(centre - half); j <= centre + half; j++) {
      const x = j - centre
      const sinc = x === 0 ? 1 : Math.sin(Math.PI * x * cut) / (Math.PI * x * cut)
      sum += (samples[j] ?? 0) * sinc * cut * (0.5 + 0.5 * Math.cos((Math.PI * x) / half))
    }
    return sum
  })
}

function trimmed(samples: Float64Array): Int16Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const loud = Int16Array.from(samples, (sample) => Math.round((sample / peak) * loudest))
  const first = loud.findIndex((sample) => Math.abs(sample) > audible)
  const last = loud.findLastIndex((sample) => Math.abs(sample) > audible)
  return loud.slice(first, last + 1)
}
