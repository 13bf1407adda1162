const bias = 0x84
const clip = 32_635

/** ITU-T G.711, table 2a: one byte of mu-law as a linear sample of 16 bits. */
export const mulawToLinear: Int16Array = Int16Array.from({ length: 256 }, (_, byte) => {
  const inverted = ~byte & 0xff
  const exponent = (inverted >> 4) & 7
  const magnitude = (((inverted & 15) << 3) + bias) << exponent
  return inverted & 0x80 ? bias - magnitude : magnitude - bias
})

/** By the sample's upper 14 bits: mu-law does not tell the lower two apart. */
const linearToMulaw: Uint8Array = Uint8Array.from({ length: 1 << 14 }, (_, index) =>
  encodeSample((index << 18) >> 16),
)

function encodeSample(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0
  const magnitude = Math.min(clip, Math.abs(sample)) + bias
  const exponent = Math.max(0, 24 - Math.clz32(magnitude))
  const mantissa = (magnitude >> (exponent + 3)) & 15
  return ~(sign | (exponent << 4) | mantissa) & 0xff
}

/** Linear samples of 16 bits as mu-law, one byte each. */
export function encodeMulaw(samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length)
  for (let i = 0; i < samples.length; i++) bytes[i] = linearToMulaw[(samples[i]! & 0xffff) >> 2]!
  return bytes
}

/** Mu-law bytes as linear samples of 16 bits. */
export function decodeMulaw(bytes: Uint8Array): Int16Array {
  const samples = new Int16Array(bytes.length)
  for (let i = 0; i < bytes.length; i++) samples[i] = mulawToLinear[bytes[i]!]!
  return samples
}

/** Silence, as mu-law has it. */
export const mulawSilence = 0xff

/** Mean square of mu-law bytes over full scale: 0 for silence, 1 for a square wave of full scale. */
export function mulawPower(bytes: Uint8Array): number {
  let sum = 0
  for (let i = 0; i < bytes.length; i++) sum += mulawToLinear[bytes[i]!]! ** 2
  return bytes.length === 0 ? 0 : sum / bytes.length / 32_768 ** 2
}
