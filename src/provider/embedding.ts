import { mix } from '../sessions/uniform.ts'
import type { EmbeddingInput } from '../wire/openai-embeddings-request.ts'

/** So many places each word is written to. */
const placesOfWord = 8

/**
 * A vector of length 1 that depends on the words of a text alone, so that texts which share words are near each
 * other. Signed feature hashing: Weinberger et al., Feature Hashing for Large Scale Multitask Learning (2009).
 */
export function embedding(input: EmbeddingInput, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  for (const feature of featuresOf(input))
    for (let place = 1; place <= placesOfWord; place++) {
      const hash = mix(feature ^ Math.imul(place, 0x9e3779b1))
      vector[(hash >>> 1) % dimensions]! += hash & 1 ? 1 : -1
    }
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0))
  if (length === 0) vector[0] = 1
  else for (let i = 0; i < dimensions; i++) vector[i]! /= length
  return vector
}

function featuresOf(input: EmbeddingInput): readonly number[] {
  if (typeof input !== 'string') return input.map((token) => mix(token))
  const words = input.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [input]
  return words.map((word) => {
    let hash = 0
    for (let i = 0; i < word.length; i++) hash = mix(hash ^ word.charCodeAt(i))
    return hash
  })
}
