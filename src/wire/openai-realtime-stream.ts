import { AnswerCutter, type Cut } from './cut-answer.ts'
import { answerParts, type AnswerStream, type ModelUsage } from './model-answer.ts'
import {
  type RealtimeEvent,
  type RealtimeItem,
  realtimeOutput,
  realtimeResponseId,
  type RealtimeResponseParts,
  responseObject,
  type ResponseState,
  type SpeakText,
} from './openai-realtime.ts'
import type { JsonObject } from './request-fields.ts'

/** The messages of a response, one a line. Their own ids are given by whoever sends them. */
export class RealtimeStream implements AnswerStream {
  readonly #parts: RealtimeResponseParts
  readonly #contents: readonly string[]
  readonly #output: readonly RealtimeItem[]
  readonly #cutter: AnswerCutter
  readonly #speak: SpeakText | undefined

  /** `speak` where the answer is spoken. */
  constructor(parts: RealtimeResponseParts, speak?: SpeakText) {
    this.#parts = parts
    this.#speak = speak
    this.#contents = answerParts(parts.answer)
    this.#output = realtimeOutput(parts)
    this.#cutter = new AnswerCutter(this.#contents)
  }

  opening(): string {
    return line({ type: 'response.created', response: this.#response({ status: 'in_progress' }) })
  }

  piece(to: number): string {
    const speak = this.#speak
    const events = (cut: Cut): string => {
      if (this.#parts.answer.toolCalls.length > 0) return this.#callEvents(cut)
      return speak ? this.#soundEvents(speak, cut) : this.#textEvents(cut)
    }
    return this.#cutter.upTo(to).map(events).join('')
  }

  closing(): string {
    const { answer, usage } = this.#parts
    const isCut = answer.finish === 'length'
    const ended = isCut
      ? { status: 'incomplete', status_details: { type: 'incomplete', reason: 'max_output_tokens' } }
      : { status: 'completed' }
    const response = this.#response({
      ...ended,
      output: this.#output,
      usage: usageObject(usage, this.#speak !== undefined),
    })
    return line({ type: 'response.done', response })
  }

  failure(message: string): string {
    const error = { type: 'server_error', code: 'server_error', message }
    const details = { type: 'failed', error }
    return line({
      type: 'response.done',
      response: this.#response({ status: 'failed', status_details: details }),
    })
  }

  #textEvents({ index, text, begins, ends }: Cut): string {
    const item = this.#output[index]!
    const at = { ...this.#at(index), content_index: 0 }
    let events = ''
    if (begins) {
      events += this.#added(index, { ...item, status: 'in_progress', content: [] })
      events += line({ type: 'response.content_part.added', ...at, part: { type: 'text', text: '' } })
    }
    if (text) events += line({ type: 'response.output_text.delta', ...at, delta: text })
    if (!ends) return events
    const whole = this.#parts.answer.text
    events += line({ type: 'response.output_text.done', ...at, text: whole })
    events += line({ type: 'response.content_part.done', ...at, part: { type: 'text', text: whole } })
    return events + this.#done(index, item)
  }

  /** Its words and its sound, which comes in whole pieces. */
  #soundEvents(speak: SpeakText, { index, text, begins, ends }: Cut): string {
    const item = this.#output[index]!
    const at = { ...this.#at(index), content_index: 0 }
    const part = (transcript: string) => ({ ...at, part: { type: 'audio', transcript } })
    let events = ''
    if (begins) {
      events += this.#added(index, { ...item, status: 'in_progress', content: [] })
      events += line({ type: 'response.content_part.added', ...part('') })
    }
    if (text) events += line({ type: 'response.output_audio_transcript.delta', ...at, delta: text })
    const sound = speak(text, ends)
    if (sound.length > 0)
      events += line({ type: 'response.output_audio.delta', ...at, delta: sound.toString('base64') })
    if (!ends) return events
    const transcript = this.#parts.answer.text
    events += line({ type: 'response.output_audio.done', ...at })
    events += line({ type: 'response.output_audio_transcript.done', ...at, transcript })
    events += line({ type: 'response.content_part.done', ...part(transcript) })
    return events + this.#done(index, item)
  }

  #callEvents({ index, text, begins, ends }: Cut): string {
    const item = this.#output[index]!
    const { id, name } = this.#parts.answer.toolCalls[index]!
    const at = { ...this.#at(index), call_id: id }
    let events = ''
    if (begins) events += this.#added(index, { ...item, status: 'in_progress', arguments: '' })
    if (text) events += line({ type: 'response.function_call_arguments.delta', ...at, delta: text })
    if (!ends) return events
    const whole = { ...at, name, arguments: this.#contents[index] }
    events += line({ type: 'response.function_call_arguments.done', ...whole })
    return events + this.#done(index, item)
  }

  #at(index: number) {
    const response_id = realtimeResponseId(this.#parts.head.id)
    return { response_id, item_id: this.#output[index]!.id, output_index: index }
  }

  #added(index: number, item: RealtimeItem): string {
    return this.#item('added', index, item)
  }

  #done(index: number, item: RealtimeItem): string {
    return this.#item('done', index, item)
  }

  /** Also of the conversation, where it is of one. */
  #item(what: 'added' | 'done', index: number, item: RealtimeItem): string {
    const { response_id } = this.#at(index)
    const output = line({ type: `response.output_item.${what}`, response_id, output_index: index, item })
    if (this.#parts.options.conversationId === undefined) return output
    const previous_item_id = this.#output[index - 1]?.id ?? this.#parts.previousItemId
    return output + line({ type: `conversation.item.${what}`, previous_item_id, item })
  }

  #response(state: ResponseState): JsonObject {
    const { head, options } = this.#parts
    return responseObject(head.id, options, state)
  }
}

const line = (event: RealtimeEvent): string => `${JSON.stringify(event)}\n`

function usageObject({ inputTokens, cachedTokens, outputTokens }: ModelUsage, isSpoken: boolean) {
  return {
    total_tokens: inputTokens + outputTokens,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    input_token_details: {
      text_tokens: inputTokens,
      audio_tokens: 0,
      image_tokens: 0,
      cached_tokens: cachedTokens,
      cached_tokens_details: { text_tokens: cachedTokens, audio_tokens: 0, image_tokens: 0 },
    },
    output_token_details: isSpoken
      ? { text_tokens: 0, audio_tokens: outputTokens }
      : { text_tokens: outputTokens, audio_tokens: 0 },
  }
}
