import { array, type JsonObject, optional, Refusal } from './request-fields.ts'

/** The name of the model that it was tuned from, where it was: `ft:gpt-4o:...`. */
const untuned = (model: string): string => model.toLowerCase().replace(/^ft:/, '')

/**
 * Whether OpenAI serves a model by this name. Open models are served by others; deployments have names of their own, and
 * so have the models of routers (`openai/gpt-5`), which bring requests to the form that a model takes.
 */
export const isOpenAiModel = (model: string): boolean =>
  /^(?:gpt-\d|chatgpt-|o\d(?![a-z]))/.test(untuned(model))

/** Whether a deployment of Azure's may be of one of OpenAI's: those of others, which stand beside them, are mostly called so. */
export const mayBeOpenAis = (deployment: string): boolean =>
  !/llama|mistral|deepseek|grok|phi|gpt-oss/i.test(deployment)

/** Models that think; those for chats, of the same families, do not. */
const reasoning = /^(?:gpt-[5-9]|o\d(?![a-z]))(?!.*-chat)/
/** Of them those that think unless they are asked not to. */
const usuallyReasoning = /^(?:gpt-5(?![.\d])|gpt-5\.[5-9]|gpt-5\.\d+-codex|o\d(?![a-z]))(?!.*-chat)/

/** What Chat Completions calls the most tokens of an answer: the older name is known to more servers, the newer to all of OpenAI's models. */
export const mostTokensName = (model: string): 'max_tokens' | 'max_completion_tokens' =>
  reasoning.test(untuned(model)) ? 'max_completion_tokens' : 'max_tokens'

/** Refuses what Chat Completions takes of other models, but not of one that thinks. */
export function requireFitForChat(body: JsonObject, model: string): void {
  const name = untuned(model)
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
  const effort = (body['reasoning'] as JsonObject | null | undefined)?.['effort']
  if (!usuallyReasoning.test(untuned(model)) || effort === 'none') return
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
