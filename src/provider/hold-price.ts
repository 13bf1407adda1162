import type { OpenAiError } from '../wire/openai-error.ts'
import { sendError } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import type { Passing } from './pass-through.ts'
import type { Reservation, Terms } from './spend-guard.ts'

/** What a request costs at most hangs on these. */
interface Priced extends Terms {
  readonly model: string
  readonly inputTokens: number
  readonly maxTokens: number | undefined
}

/** Puts by what a request may cost; one that could cost more than may be spent is refused, and held. */
export function holdPrice(
  { guard, options }: Passing,
  { response }: Incoming,
  { model, inputTokens, maxTokens, ...terms }: Priced,
): Reservation | undefined {
  const reservation = guard.reserve(model, inputTokens, maxTokens, terms)
  if (typeof reservation !== 'string') return reservation
  sendError(response, spent(reservation), { 'x-should-retry': 'false' })
  options.held(reservation)
  return undefined
}

/** As a provider refuses whoever has nothing left to pay with. */
function spent(reason: string): OpenAiError {
  const message = `Held by Plimsoll: ${reason} (--max-spend).`
  return { status: 429, message, type: 'insufficient_quota', param: null, code: 'insufficient_quota' }
}
