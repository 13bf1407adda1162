import { EventStreamCodec } from '@smithy/core/event-streams'

/** What a streamed answer says that it is. */
export const eventStreamType = 'application/vnd.amazon.eventstream'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

/** One frame of AWS's event stream, as latin1 text: each character is one byte. */
export function eventFrame(headers: Readonly<Record<string, string>>, payload: object): string {
  const typed = Object.entries({ ...headers, ':content-type': 'application/json' }).map(([name, value]) => [
    name,
    { type: 'string', value },
  ])
  const body = Buffer.from(JSON.stringify(payload), 'utf8')
  const bytes = codec.encode({
    headers: Object.fromEntries(typed) as Record<string, { type: 'string'; value: string }>,
    body,
  })
  return Buffer.from(bytes).toString('latin1')
}

/** The frame that ends a stream which cannot go on. */
export function failureFrame(message: string): string {
  return eventFrame(
    { ':exception-type': 'modelStreamErrorException', ':message-type': 'exception' },
    { message },
  )
}
