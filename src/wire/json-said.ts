import type { ModelMessage } from './model-request.ts'
import { Refusal } from './request-fields.ts'

/** JSON without a schema is given to those who speak of it; what is not known any more may have. */
export function requireJsonSaid(messages: readonly ModelMessage[], where: string, asked: string): void {
  if (messages.some(({ text, tokens }) => tokens !== undefined || /json/i.test(text))) return
  throw new Refusal(
    `'${where}' must contain the word 'json' in some form, to use '${asked}' of type 'json_object'.`,
    where,
  )
}
