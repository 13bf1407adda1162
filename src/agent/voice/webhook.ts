import type { IncomingMessage, ServerResponse } from 'node:http'
import { isTwilioSignature, signatureHeader } from '../../wire/twilio-signature.ts'
import { busyTwiml, streamTwiml } from '../../wire/twiml.ts'
import { splitUrl } from '../../wire/split-url.ts'
import { oneValue } from '../../wire/one-value.ts'
import { mediaToken, mediaTokenName } from './media-token.ts'

export interface WebhookOptions {
  /** Webhooks that it has not signed are refused; none is checked where absent. */
  readonly authToken: string | undefined
  readonly mediaPath: string
  /** Whether a call of this priority finds neither a place nor a line. */
  readonly refuses: (priority: number) => boolean
}

const longestBytes = 64_000

/** `GET | POST /voice`: what the carrier is to do with a call, as TwiML. */
export async function answerWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  { authToken, mediaPath, refuses }: WebhookOptions,
): Promise<void> {
  const form = await readForm(request)
  if (!form) return send(response, 413, 'text/plain', 'the form is too large')
  const protocol = oneValue(request.headers['x-forwarded-proto']) ?? 'http'
  const host = oneValue(request.headers['x-forwarded-host']) ?? request.headers.host ?? ''
  const url = `${protocol}://${host}${request.url ?? ''}`
  const signature = oneValue(request.headers[signatureHeader]) ?? ''
  if (authToken !== undefined && !isTwilioSignature(signature, authToken, url, form))
    return send(response, 403, 'text/plain', 'the signature is not that of this request')
  // Of the request alone: what the headers say of the host need not make an address.
  const query = new URLSearchParams(splitUrl(request.url).query)
  const priority = Number(query.get('priority') ?? form['Priority'] ?? 0) || 0
  if (refuses(priority)) return send(response, 200, 'text/xml', busyTwiml)
  const twiml = streamTwiml({
    url: `${protocol === 'https' ? 'wss' : 'ws'}://${host}${mediaPath}`,
    parameters: {
      priority: String(priority),
      ...(authToken === undefined
        ? {}
        : { [mediaTokenName]: mediaToken(authToken, form['CallSid'] ?? query.get('CallSid') ?? '') }),
    },
  })
  send(response, 200, 'text/xml', twiml)
}

async function readForm(request: IncomingMessage): Promise<Readonly<Record<string, string>> | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > longestBytes) return undefined
    chunks.push(chunk)
  }
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString('utf8')))
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) })
  response.end(text)
}
