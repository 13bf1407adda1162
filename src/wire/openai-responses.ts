import { AnswerCutter, type Cut } from './cut-answer.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelUsage,
  partOf,
} from './model-answer.ts'
import { type OpenAiError, serverError } from './openai-error.ts'
import type { NamedItem } from './openai-item-list.ts'
import type { JsonObject } from './request-fields.ts'
import { logprobObject, type SaidToken, ToldTokens } from './said-token.ts'
import { sseEvent } from './sse.ts'

/** What a response is made of. */
export interface ResponseParts {
  readonly head: AnswerHead
  readonly answer: ModelAnswer
  readonly usage: ModelUsage
  /** What it repeats of the request. */
  readonly echo: JsonObject
  /** The tokens of its text; absent where nobody asked for them. */
  readonly tokens?: readonly SaidToken[] | undefined
  /** What was thought is also told in a form that only its writer can read. */
  readonly encrypts: boolean
}

/** The name by which a later request goes on from it. */
export const responseId = ({ id }: AnswerHead): string => `resp_${id}`

/** The response that said the item of this id and, of a tool call, which of its calls it is, from 0. */
export function namedItem(id: string): { readonly responseId: string; readonly index: number } | undefined {
  const [, answer, index = '0'] = /^(?:msg|fc|ctc)_([^_]+)(?:_(\d+))?$/.exec(id) ?? []
  return answer === undefined ? undefined : { responseId: `resp_${answer}`, index: Number(index) }
}

/** The body of a response in one piece. */
export function responseBody(parts: ResponseParts): string {
  return JSON.stringify(endedResponse(parts))
}

/** The events of a streamed response, numbered from 0. */
export class ResponseStream implements AnswerStream {
  readonly #parts: ResponseParts
  readonly #contents: readonly string[]
  readonly #output: readonly NamedItem[]
  readonly #cutter: AnswerCutter
  readonly #tokens: ToldTokens
  #saidCharacters = 0
  #next = 0

  constructor(parts: ResponseParts) {
    this.#parts = parts
    this.#contents = answerParts(parts.answer)
    this.#output = outputOf(parts)
    this.#cutter = new AnswerCutter(this.#contents)
    this.#tokens = new ToldTokens(parts.tokens ?? [])
  }

  opening(): string {
    const response = responseObject(this.#parts, { status: 'in_progress', output: [] })
    return this.#event('response.created', { response }) + this.#event('response.in_progress', { response })
  }

  piece(to: number): string {
    return this.#cutter
      .upTo(to)
      .map((cut) => this.#events(cut))
      .join('')
  }

  closing(): string {
    const response = endedResponse(this.#parts)
    return this.#event(`response.${response.status}`, { response })
  }

  failure(message: string): string {
    return this.#failed({ ...serverError, message })
  }

  /** Instead of all of it: that it begins, and why nothing comes. */
  refusal(error: OpenAiError): string {
    return this.opening() + this.#failed(error)
  }

  /** Told twice, first as the clients throw it: its fields stand within, unlike those of the event that is documented. */
  #failed({ type, code, message, param }: OpenAiError): string {
    const response = responseObject(this.#parts, { status: 'failed', output: [], error: { code, message } })
    return (
      this.#event('error', { error: { type, code, message, param } }) +
      this.#event('response.failed', { response })
    )
  }

  /** Each part of the answer is an item of its own. */
  #events(cut: Cut): string {
    const part = partOf(this.#parts.answer, cut.index)
    if (part.kind === 'thinking') return this.#thinkingEvents(cut)
    if (part.kind === 'text') return this.#textEvents(cut)
    return part.call.isCustom ? this.#customEvents(cut) : this.#callEvents(cut, part.call.name)
  }

  /** Of what is not shown, no more than that there was some. */
  #thinkingEvents({ index, text, begins, ends }: Cut): string {
    const done = this.#output[index]!
    const whole = this.#contents[index]!
    const item = { item_id: done.id, output_index: index, summary_index: 0 }
    const summary = (what: string, fields: object): string =>
      whole === '' ? '' : this.#event(`response.reasoning_summary_${what}`, { ...item, ...fields })
    let events = ''
    if (begins) {
      events += this.#item('added', index, { ...done, summary: [] })
      events += summary('part.added', { part: summaryPart('') })
    }
    if (text) events += summary('text.delta', { delta: text })
    if (!ends) return events
    events += summary('text.done', { text: whole })
    return events + summary('part.done', { part: summaryPart(whole) }) + this.#item('done', index, done)
  }

  #textEvents({ index, text, begins, ends }: Cut): string {
    const { head, answer, tokens } = this.#parts
    const item = { item_id: messageId(head), output_index: index, content_index: 0 }
    let events = ''
    if (begins) {
      events += this.#item('added', index, message(head, 'in_progress', []))
      events += this.#event('response.content_part.added', { ...item, part: textPart('') })
    }
    if (text) {
      this.#saidCharacters += text.length
      const logprobs = this.#tokens.upTo(this.#saidCharacters).map(logprobObject)
      events += this.#event('response.output_text.delta', { ...item, delta: text, logprobs })
    }
    if (!ends) return events
    const part = textPart(answer.text, tokens)
    events += this.#event('response.output_text.done', {
      ...item,
      text: answer.text,
      logprobs: part.logprobs,
    })
    events += this.#event('response.content_part.done', { ...item, part })
    return events + this.#item('done', index, this.#output[index]!)
  }

  #callEvents({ index, text, begins, ends }: Cut, name: string): string {
    const done = this.#output[index]!
    const item = { item_id: done.id, output_index: index }
    let events = ''
    if (begins) events += this.#item('added', index, { ...done, status: 'in_progress', arguments: '' })
    if (text) events += this.#event('response.function_call_arguments.delta', { ...item, delta: text })
    if (!ends) return events
    const whole = { ...item, name, arguments: this.#contents[index] }
    events += this.#event('response.function_call_arguments.done', whole)
    return events + this.#item('done', index, done)
  }

  #customEvents({ index, text, begins, ends }: Cut): string {
    const done = this.#output[index]!
    const item = { item_id: done.id, output_index: index }
    const input = (what: 'delta' | 'done', fields: object): string =>
      this.#event(`response.custom_tool_call_input.${what}`, { ...item, ...fields })
    let events = ''
    if (begins) events += this.#item('added', index, { ...done, status: 'in_progress', input: '' })
    if (text) events += input('delta', { delta: text })
    return ends
      ? events + input('done', { input: this.#contents[index] }) + this.#item('done', index, done)
      : events
  }

  #item(what: 'added' | 'done', index: number, item: object): string {
    return this.#event(`response.output_item.${what}`, { output_index: index, item })
  }

  #event(type: string, fields: object): string {
    return sseEvent(JSON.stringify({ type, sequence_number: this.#next++, ...fields }), type)
  }
}

const messageId = ({ id }: AnswerHead): string => `msg_${id}`

const textPart = (text: string, tokens: readonly SaidToken[] = []) => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: tokens.map(logprobObject),
})

const summaryPart = (text: string) => ({ type: 'summary_text', text })

/** Clients keep what it is encrypted to and send it back; nothing is read from it. */
function reasoning({ id }: AnswerHead, thinking: string, encrypts: boolean) {
  const encrypted = Buffer.from(`plimsoll reasoning ${id}`).toString('base64')
  return {
    id: `rs_${id}`,
    type: 'reasoning',
    summary: thinking === '' ? [] : [summaryPart(thinking)],
    ...(encrypts ? { encrypted_content: encrypted } : {}),
  }
}

function message(head: AnswerHead, status: string, content: readonly object[]) {
  return { id: messageId(head), type: 'message', role: 'assistant', status, content }
}

/** What the model says, as items. */
export function outputOf({ head, answer, encrypts, tokens }: ResponseParts): readonly NamedItem[] {
  const { thinking, text, toolCalls, finish } = answer
  const thought = thinking === undefined ? [] : [reasoning(head, thinking, encrypts)]
  const calls = toolCalls.map(({ id: call_id, name, arguments: said, isCustom }, index) => {
    const item = { call_id, name, status: 'completed' }
    return isCustom
      ? { id: `ctc_${head.id}_${index}`, type: 'custom_tool_call', ...item, input: said }
      : { id: `fc_${head.id}_${index}`, type: 'function_call', ...item, arguments: said }
  })
  if (calls.length > 0) return [...thought, ...calls]
  return [
    ...thought,
    message(head, finish === 'length' ? 'incomplete' : 'completed', [textPart(text, tokens)]),
  ]
}

function endedResponse(parts: ResponseParts) {
  const output = outputOf(parts)
  const usage = usageObject(parts.usage)
  if (parts.answer.finish !== 'length') return responseObject(parts, { status: 'completed', output, usage })
  const incomplete_details = { reason: 'max_output_tokens' }
  return responseObject(parts, { status: 'incomplete', output, usage, incomplete_details })
}

interface ResponseState {
  readonly status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  readonly output: readonly object[]
  readonly usage?: object
  readonly error?: object
  readonly incomplete_details?: object
}

function responseObject({ head, echo }: ResponseParts, state: ResponseState) {
  return {
    id: responseId(head),
    object: 'response',
    created_at: head.createdSeconds,
    model: head.model,
    background: false,
    error: null,
    incomplete_details: null,
    usage: null,
    ...echo,
    ...state,
  }
}

function usageObject({ inputTokens, cachedTokens, outputTokens, thinkingTokens = 0 }: ModelUsage) {
  return {
    input_tokens: inputTokens,
    input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
    output_tokens: outputTokens,
    output_tokens_details: { reasoning_tokens: thinkingTokens },
    total_tokens: inputTokens + outputTokens,
  }
}
