/** The body of the answer to `POST /v1/embeddings`. */
export function embeddingsBody(
  model: string,
  vectors: readonly Float32Array[],
  encoding: 'float' | 'base64',
  inputTokens: number,
): string {
  const data = vectors.map((vector, index) => ({
    object: 'embedding',
    index,
    embedding: encoding === 'base64' ? base64Floats(vector) : Array.from(vector),
  }))
  return JSON.stringify({
    object: 'list',
    data,
    model,
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  })
}

/** Four bytes a number, the lowest first. */
function base64Floats(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4)
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4)
  return bytes.toString('base64')
}
