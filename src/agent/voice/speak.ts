import { Agent, request } from 'undici'

/** Speaks a text: mu-law of 8 kHz, piece by piece; resolves when the first is there and throws where none will be. */
export type Speak = (text: string, signal: AbortSignal) => Promise<AsyncIterable<Buffer>>

const query = 'model=aura-2-thalia-en&encoding=mulaw&sample_rate=8000&container=none'

/** Deepgram's `/v1/speak`. */
export function speaker(
  url: string,
  apiKey: string,
): { readonly speak: Speak; readonly close: () => Promise<void> } {
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  return {
    async speak(text, signal) {
      const { statusCode, body } = await request(`${url}/v1/speak?${query}`, {
        method: 'POST',
        dispatcher,
        signal,
        headers: { 'content-type': 'application/json', authorization: `Token ${apiKey}` },
        body: JSON.stringify({ text }),
      })
      if (statusCode !== 200) {
        await body.dump()
        throw new Error(`the speech service answered ${statusCode}`)
      }
      const pieces = (body as AsyncIterable<Buffer>)[Symbol.asyncIterator]()
      const first = await pieces.next()
      if (first.done) throw new Error('the speech service sent no sound')
      return withFirst(first.value, pieces)
    },
    close: () => dispatcher.destroy(),
  }
}

async function* withFirst(first: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}
