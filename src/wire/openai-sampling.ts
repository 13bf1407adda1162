import type { ModelRequest } from './model-request.ts'
import { type JsonObject, number, optional, Refusal, wrongType } from './request-fields.ts'
import { stopsIn } from './stop-sequences.ts'

/** What Chat Completions is asked to sample by, in the ranges that OpenAI takes. */
export function requireChatSampling(body: JsonObject): void {
  requireSampling(body)
  for (const name of ['presence_penalty', 'frequency_penalty']) decimalIn(body, name, -2, 2)
  const top = integerIn(body, 'top_logprobs', 0) ?? 0
  if (top > mostLogprobs)
    throw new Refusal(
      `Invalid value for 'top_logprobs': must be less than or equal to ${mostLogprobs}.`,
      'top_logprobs',
    )
  if (top > 0 && body['logprobs'] !== true)
    throw new Refusal(
      "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
      'top_logprobs',
    )
}

/** What Responses is asked to sample by, in the ranges that OpenAI takes. */
export function requireResponsesSampling(body: JsonObject): void {
  requireSampling(body)
  integerIn(body, 'top_logprobs', 0, mostLogprobs)
}

const mostLogprobs = 20

function requireSampling(body: JsonObject): void {
  decimalIn(body, 'temperature', 0, 2)
  decimalIn(body, 'top_p', 0, 1)
}

const mostStops = 4

/** The sequences that end a chat completion: one, or a few in a list. */
export function chatStops({ stop }: JsonObject): Pick<ModelRequest, 'stops'> {
  if (stop === undefined || stop === null) return {}
  const stops = typeof stop === 'string' ? [stop] : stop
  if (!Array.isArray(stops)) throw wrongType('stop', 'a string or an array of strings', stop)
  return stopsIn(stops, mostStops, 'stop')
}

/** A whole number in a range; undefined where there is none. */
export function integerIn(
  body: JsonObject,
  name: string,
  least: number,
  most = Infinity,
): number | undefined {
  const value = optional(body, name, integer)
  requireIn(value, { name, kind: 'integer', least, most })
  return value
}

const integer = {
  words: 'an integer',
  is: (value: unknown): value is number => Number.isSafeInteger(value),
}

const decimal = { ...number, words: 'a decimal' }

function decimalIn(body: JsonObject, name: string, least: number, most: number): void {
  requireIn(optional(body, name, decimal), { name, kind: 'decimal', least, most })
}

interface Range {
  readonly name: string
  readonly kind: 'integer' | 'decimal'
  readonly least: number
  readonly most: number
}

function requireIn(value: number | undefined, { name, kind, least, most }: Range): void {
  if (value === undefined || (value >= least && value <= most)) return
  const isBelow = value < least
  throw new Refusal(
    `Invalid '${name}': ${kind} ${isBelow ? 'below minimum' : 'above maximum'} value. Expected a value ${isBelow ? `>= ${least}` : `<= ${most}`}, but got ${value} instead.`,
    name,
    `${kind}_${isBelow ? 'below_min' : 'above_max'}_value`,
  )
}
