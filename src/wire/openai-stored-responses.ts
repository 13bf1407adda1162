import { invalidRequest, type OpenAiError } from './openai-error.ts'
import { itemPage, namedItems } from './openai-item-list.ts'
import type { JsonObject, ReadRequest } from './request-fields.ts'

/** Why a response cannot be told again. */
export const responseNotFound = (id: string): OpenAiError => ({
  ...invalidRequest(`Response with id '${id.slice(0, 100)}' not found.`),
  status: 404,
})

/** OpenAI streams again, from `starting_after` on, what was created in the background alone, which is not played. */
export const notInBackground = invalidRequest(
  'This response cannot be streamed because it was not created with background=true.',
  'stream',
  'invalid_request_error',
)

/** What is answered when a response is deleted. */
export const deletedResponse = (id: string): string =>
  JSON.stringify({ id, object: 'response', deleted: true })

/** A page of what a response was asked, newest first where nobody says otherwise. */
export function inputItemPage(id: string, body: string, query: URLSearchParams): ReadRequest<string> {
  return itemPage(() => namedItems(`in_${id}`, (JSON.parse(body) as JsonObject)['input']), query)
}
