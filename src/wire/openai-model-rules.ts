import { array, type JsonObject, optional, Refusal } from './request-fields.ts'

/** A model's own name, whoever serves it: `openai/gpt-5`, `ft:gpt-4o:...`. */
const withoutVendor = (model: string): string => model.toLowerCase().replace(/^.*\//, '').replace(/^ft:/, '')

/** Whether it is one of OpenAI's. Open models are served by others; deployments have names of their own. */
export const isOpenAiModel = (model: string): boolean =>
  /^(?:gpt-\d|chatgpt-|o\d(?![a-z]))/.test(withoutVendor(model))

/** Whether a deployment of Azure's may be of one of OpenAI's: those of others, which stand beside them, are mostly called so. */
export const mayBeOpenAis = (deployment: string): boolean =>
  !/llama|mistral|deepseek|grok|phi|gpt-oss/i.test(deployment)

/** A router, which names models with their vendor, brings requests to the form that a model takes. */
const isRouted = (model: string): boolean => model.includes('/')

/** Models that think; those for chats, of the same families, do not. */
const reasoning = /^(?:gpt-[5-9]|o\d(?![a-z]))(?!.*-chat)/
/** Of them those that think unless they are asked not to. */
const usuallyReasoning = /^(?:gpt-5(?![.\d])|gpt-5\.[5-9]|gpt-5\.\d+-codex|o\d(?![a-z]))(?!.*-chat)/

/** What Chat Completions calls the most tokens of an answer: the older name is known to more servers, the newer to all of OpenAI's models. */
export const mostTokensName = (model: string): 'max_tokens' | 'max_completion_tokens' =>
  !isRouted(model) && reasoning.test(withoutVendor(model)) ? 'max_completion_tokens' : 'max_tokens'

/** Refuses what Chat Completions takes of other models, but not of one that thinks. */
export function requireFitForChat(body: JsonObject, model: string): void {
  if (isRouted(model)) return
  const name = withoutVendor(model)
  if (mostTokensName(model) !== 'max_tokens' && isSaid(body['max_tokens']))
    throw unsupported('max_tokens', " Use 'max_completion_tokens' instead.")
  if (!usuallyReasoning.test(name) || body['reasoning_effort'] === 'none') return
  const { temperature } = body
  if (isSaid(temperature) && temperature !== 1)
    throw new Refusal(
      `Unsupported value: 'temperature' does not support ${Number(temperature)} with this model. Only the default (1) value is supported.`,
      'temperature',
      'unsupported_value',
    )
  if (isSaid(body['top_p']) && body['top_p'] !== 1) throw unsupported('top_p')
  if (isSaid(body['stop']) && !name.startsWith('o1')) throw unsupported('stop')
  if (body['logprobs'] === true) throw unsupported('logprobs')
}

/** Refuses what Responses take of other models, but not of one that thinks. */
export function requireFitForResponses(body: JsonObject, model: string): void {
  if (isRouted(model)) return
  const effort = (body['reasoning'] as JsonObject | null | undefined)?.['effort']
  if (!usuallyReasoning.test(withoutVendor(model)) || effort === 'none') return
  for (const name of ['temperature', 'top_p'])
    if (isSaid(body[name]) && body[name] !== 1) throw unsupported(name, '', null)
  if ((optional(body, 'include', array) ?? []).includes(logprobsIncluded))
    throw new Refusal('logprobs are not supported with reasoning models.', 'include', 'unsupported_parameter')
}

/** By which Responses are asked for the tokens of their text. */
export const logprobsIncluded = 'message.output_text.logprobs'

const unsupported = (name: string, instead = '', code: string | null = 'unsupported_parameter'): Refusal =>
  new Refusal(`Unsupported parameter: '${name}' is not supported with this model.${instead}`, name, code)

const isSaid = (value: unknown): boolean => value !== undefined && value !== null
