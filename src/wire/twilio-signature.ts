import { createHmac, timingSafeEqual } from 'node:crypto'

/** The header that carries it. */
export const signatureHeader = 'x-twilio-signature'

/**
 * What Twilio signs its webhooks with: HMAC-SHA1 of the address as Twilio knows it, followed by the fields of the form
 * by name (https://www.twilio.com/docs/usage/security, as of November 2026). Addresses of `GET` hold their fields.
 */
export function twilioSignature(
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): string {
  const signed = Object.keys(form)
    .sort()
    .reduce((text, name) => text + name + form[name]!, url)
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64')
}

/** Whether a signature is that of the address and the form; takes as long for a wrong one as for the right one. */
export function isTwilioSignature(
  signature: string,
  authToken: string,
  url: string,
  form: Readonly<Record<string, string>>,
): boolean {
  const given = Buffer.from(signature)
  const wanted = Buffer.from(twilioSignature(authToken, url, form))
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
