import OpenAI from 'openai'
import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions'
import { mostTokensName } from '../wire/openai-model-rules.ts'
import { countTokens } from './count-tokens.ts'
import { type ToolDeclaration, TurnError, type WorkerSettings } from './messages.ts'
import type { ToolCall } from './tool-client.ts'
import { childTrace } from './trace.ts'

export interface ModelRequest {
  /** Index into `WorkerSettings.models`. */
  readonly model: number
  readonly messages: ChatCompletionMessageParam[]
  readonly tools: readonly ToolDeclaration[]
  /** The last step that the loop allows: the model has to answer. */
  readonly mustAnswer: boolean
  readonly traceparent: string
}

export interface ModelAnswer {
  readonly text: string
  readonly toolCalls: readonly ToolCall[]
  readonly outputTokens: number
}

/** Told about each piece as it arrives: its answer text (none for a piece of a tool call) and its tokens, estimated. */
export type SeePiece = (text: string, tokens: number) => void

/** One streamed model call, no retries. Throws what the `openai` package throws. */
export type CallModel = (request: ModelRequest, see: SeePiece, signal: AbortSignal) => Promise<ModelAnswer>

/** Calls the models of an OpenAI-compatible endpoint. */
export function modelClient(settings: WorkerSettings): CallModel {
  const client = new OpenAI({
    baseURL: settings.modelUrl,
    apiKey: settings.apiKey,
    maxRetries: 0,
    logLevel: 'off',
    defaultHeaders: { 'user-agent': settings.callerName },
  })
  return async (request, see, signal) => {
    const stream = await client.chat.completions.create(bodyOf(request, settings), {
      signal,
      headers: { traceparent: childTrace(request.traceparent) },
    })
    const answer = new AnswerReader(see)
    for await (const chunk of stream) answer.read(chunk)
    return answer.finish(signal)
  }
}

function bodyOf(request: ModelRequest, settings: WorkerSettings): ChatCompletionCreateParamsStreaming {
  const model = settings.models[request.model]!
  return {
    model: model.id,
    messages: request.messages,
    stream: true,
    stream_options: { include_usage: true },
    ...(model.maxTokens === undefined ? {} : { [mostTokensName(model.id)]: model.maxTokens }),
    ...(request.tools.length === 0 ? {} : { tools: [...request.tools] }),
    ...(request.tools.length > 0 && request.mustAnswer ? { tool_choice: 'none' as const } : {}),
  }
}

/** Puts a stream of chunks together. */
class AnswerReader {
  readonly #see: SeePiece
  readonly #calls: { id: string; name: string; arguments: string }[] = []
  #text = ''
  #seenTokens = 0
  #usedTokens: number | undefined
  #finished = false

  constructor(see: SeePiece) {
    this.#see = see
  }

  read(chunk: OpenAI.Chat.Completions.ChatCompletionChunk): void {
    if (chunk.usage) this.#usedTokens = chunk.usage.completion_tokens
    const choice = chunk.choices?.[0]
    if (!choice) return
    if (choice.finish_reason) this.#finished = true
    for (const part of choice.delta?.tool_calls ?? []) {
      const call = (this.#calls[part.index] ??= { id: '', name: '', arguments: '' })
      call.id ||= part.id ?? ''
      call.name ||= part.function?.name ?? ''
      call.arguments += part.function?.arguments ?? ''
      if (part.function?.arguments) this.#piece('', part.function.arguments)
    }
    const text = choice.delta?.content
    if (!text) return
    this.#text += text
    this.#piece(this.#calls.length === 0 ? text : '', text)
  }

  finish(signal: AbortSignal): ModelAnswer {
    // The package ends an aborted stream quietly, as if it were whole.
    signal.throwIfAborted()
    if (!this.#finished)
      throw new TurnError({ code: 'model_error', message: "the model's answer ended in the middle" })
    const outputTokens = this.#usedTokens ?? this.#seenTokens
    // Pieces are estimates; the bill is not.
    if (outputTokens > this.#seenTokens) this.#see('', outputTokens - this.#seenTokens)
    return { text: this.#text, toolCalls: this.#calls.filter((call) => call !== undefined), outputTokens }
  }

  #piece(shown: string, counted: string): void {
    const tokens = countTokens(counted)
    this.#seenTokens += tokens
    this.#see(shown, tokens)
  }
}
