import { createHmac, timingSafeEqual } from 'node:crypto'

/** The parameter of a stream that shows that our own webhook has announced it. */
export const mediaTokenName = 'token'

/** What the stream of this call has to bring along, so that nobody else opens one. */
export function mediaToken(authToken: string, callSid: string): string {
  return createHmac('sha256', authToken).update(`media ${callSid}`).digest('base64url')
}

/** Whether a stream brought the token of its call; takes as long for a wrong one as for the right one. */
export function isMediaToken(given: string, authToken: string, callSid: string): boolean {
  const wanted = Buffer.from(mediaToken(authToken, callSid))
  const bytes = Buffer.from(given)
  return bytes.length === wanted.length && timingSafeEqual(bytes, wanted)
}
