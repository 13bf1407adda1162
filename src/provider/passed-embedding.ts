import { jsonObject } from '../wire/parsed-json.ts'
import { forward } from './forward.ts'
import { pathOf } from './http-answer.ts'
import { holdPrice } from './hold-price.ts'
import type { Incoming } from './incoming.ts'
import { plainName } from './model-paths.ts'
import type { Passing } from './pass-through.ts'
import { tokensOfCharacters } from '../workload/tokenizer.ts'

/** Where OpenAI, Azure and Gemini embed texts; the latter two name the model there. */
export const embeddingPath =
  /^(?:\/openai)?(?:\/v1)?\/embeddings$|^(?:\/openai)?\/deployments\/([^/]+)\/embeddings$|^(?:\/v1\w*)?\/(?:.+\/)?models\/([^/:]+):(?:embedContent|batchEmbedContents)$/

/** Usage stands at the end of an answer, behind numbers that may be many. */
const tailCharacters = 4096

/**
 * Hands texts on to be embedded, unless that could cost more than may be spent. It is no call of a loop: its tokens are
 * paid and told, and its time is the agent's own.
 */
export async function passEmbedding(passing: Passing, incoming: Incoming, body: string): Promise<void> {
  const { dispatcher, options, inFlight, cut } = passing
  const { request, response } = incoming
  const [, deployment, name] = embeddingPath.exec(pathOf(request)) ?? []
  const named = deployment ?? name
  const inputTokens = tokensOfCharacters(body.length)
  const model = named === undefined ? modelIn(body) : plainName(named)
  const reservation = holdPrice(passing, incoming, { model, inputTokens, maxTokens: 0 })
  if (!reservation) return
  // In flight until it is told here: the caller sees the end of the answer before that.
  inFlight.enter()
  let isServed = false
  let tail = ''
  await forward({
    dispatcher,
    base: options.through,
    request,
    response,
    body,
    cut,
    began: (status) => void (isServed = status >= 200 && status < 300),
    watch: (piece) => {
      tail = (tail + piece.toString('latin1')).slice(-tailCharacters)
    },
  })
  const tokens = usedTokens(tail) ?? inputTokens
  if (response.headersSent)
    reservation.settle(isServed ? { inputTokens: tokens, cachedTokens: 0, outputTokens: 0 } : undefined)
  else reservation.forfeit()
  if (isServed) options.sawEmbedding?.(tokens)
  inFlight.leave()
}

function usedTokens(tail: string): number | undefined {
  const [, digits] = /"(?:prompt|total)_tokens"\s*:\s*(\d+)/.exec(tail) ?? []
  return digits === undefined ? undefined : Number(digits)
}

function modelIn(body: string): string {
  const model = jsonObject(body)?.['model']
  return typeof model === 'string' ? model : ''
}
