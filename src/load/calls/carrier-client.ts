import { Agent, request } from 'undici'
import type { CarrierAnswer, CarrierEvent } from '../../wire/carrier-api.ts'

/** Asks the carrier for channels and hears what others do to calls. */
export interface CarrierClient {
  /** Waits while the call is in line; rejects when the carrier is not there, or on an abort. */
  arrive(call: string, signal: AbortSignal): Promise<CarrierAnswer>
  leave(call: string): void
  /** Told of each thing that others do to a call. */
  onEvent: (event: CarrierEvent) => void
  close(): Promise<void>
}

/** The carrier of a simulated provider. */
export function createCarrierClient(providerUrl: string, token?: string): CarrierClient {
  // A call may wait in line for long, and the events never end.
  const dispatcher = new Agent({ headersTimeout: 0, bodyTimeout: 0 })
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  }
  const closing = new AbortController()
  const leaving = new Set<Promise<unknown>>()
  const at = (path: string): URL => new URL(`/_plimsoll/carrier/${path}`, providerUrl)
  const client: CarrierClient = {
    onEvent: () => {},
    async arrive(call, signal) {
      const body = JSON.stringify({ call })
      const answer = await request(at('calls'), { method: 'POST', dispatcher, headers, body, signal })
      const text = await answer.body.text()
      if (answer.statusCode !== 200) throw new Error(`the carrier answered ${answer.statusCode}`)
      return JSON.parse(text) as CarrierAnswer
    },
    leave(call) {
      const left = request(at(`calls/${call}`), { method: 'DELETE', dispatcher, headers }).then(
        (answer) => answer.body.dump(),
        () => undefined,
      )
      leaving.add(left)
      void left.finally(() => leaving.delete(left))
    },
    async close() {
      await Promise.all(leaving)
      closing.abort()
      await dispatcher.destroy()
    },
  }
  void readEvents().catch(() => {})

  /** Its end is the provider's end, which other requests notice. */
  async function readEvents(): Promise<void> {
    const { body } = await request(at('events'), { dispatcher, headers, signal: closing.signal })
    let rest = ''
    for await (const chunk of body as AsyncIterable<Buffer>) {
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = lines.pop()!
      for (const line of lines) client.onEvent(JSON.parse(line) as CarrierEvent)
    }
  }

  return client
}
