import type { IncomingMessage } from 'node:http'

export type Body = { readonly value: unknown } | { readonly fault: 'too large' | 'not JSON' }

/** Reads a JSON body of at most `limitBytes`; an empty one is undefined. Rejects when the client goes away. */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) return { fault: 'too large' }
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limitBytes) return { fault: 'too large' }
    chunks.push(chunk)
  }
  if (size === 0) return { value: undefined }
  try {
    return { value: JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown }
  } catch {
    return { fault: 'not JSON' }
  }
}
