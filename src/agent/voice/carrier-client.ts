import { Agent, request } from 'undici'
import type { MediaStreamNames } from '../../wire/twilio-media.ts'
import { dialTwiml } from '../../wire/twiml.ts'

/** What the agent asks of the carrier about a call that is up. */
export interface CarrierClient {
  /** Hands the caller to a person. */
  handOff(names: MediaStreamNames): Promise<void>
  close(): Promise<void>
}

export interface CarrierOptions {
  readonly url: string
  readonly authToken: string
  /** Who takes the call over. */
  readonly number: string
}

/** Twilio's REST API: `POST /2010-04-01/Accounts/{AccountSid}/Calls/{CallSid}.json`. */
export function carrierClient({ url, authToken, number }: CarrierOptions): CarrierClient {
  const dispatcher = new Agent({ headersTimeout: 10_000 })
  return {
    async handOff({ accountSid, callSid }) {
      const path = `/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Calls/${encodeURIComponent(callSid)}.json`
      const { statusCode, body } = await request(new URL(path, url), {
        method: 'POST',
        dispatcher,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        },
        body: new URLSearchParams({ Twiml: dialTwiml(number) }).toString(),
      })
      await body.dump()
      if (statusCode >= 400) throw new Error(`the carrier answered ${statusCode}`)
    },
    close: () => dispatcher.destroy(),
  }
}
