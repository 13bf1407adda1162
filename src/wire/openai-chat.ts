import { AnswerCutter } from './cut-answer.ts'
import {
  type AnswerHead,
  answerParts,
  type AnswerStream,
  type ModelAnswer,
  type ModelToolCall,
  type ModelUsage,
} from './model-answer.ts'
import { logprobObject, type SaidToken, ToldTokens } from './said-token.ts'
import { sseEvent } from './sse.ts'
import { streamFailures } from './stream-failure.ts'

/** What comes before the id of an answer. */
export const chatIdPrefix = 'chatcmpl-'

/** One of the answers of a completion. */
export interface ChatChoice {
  readonly answer: ModelAnswer
  /** Of its text; absent where nobody asked for them. */
  readonly tokens?: readonly SaidToken[] | undefined
}

/** What is told beside an answer. */
export interface ChatOptions extends Omit<ChatChoice, 'answer'> {
  /** At the end of a stream. */
  readonly includeUsage: boolean
  /** Which choice it is; the first where absent. */
  readonly index?: number
}

/** How the answer was served. */
const servedBy = { service_tier: 'default', system_fingerprint: null } as const

/** Whoever demanded a tool by its name is told no reason of its own for its call. */
export const endedAsAsked = (
  answer: ModelAnswer,
  { namesTool }: { readonly namesTool: boolean },
): ModelAnswer => (namesTool && answer.finish === 'tool_calls' ? { ...answer, finish: 'stop' } : answer)

/** The body of an answer in one piece. */
export function chatCompletion(head: AnswerHead, choices: readonly ChatChoice[], usage: ModelUsage): string {
  return JSON.stringify({
    id: chatIdPrefix + head.id,
    object: 'chat.completion',
    created: head.createdSeconds,
    model: head.model,
    choices: choices.map(({ answer, tokens }, index) => ({
      index,
      message: messageOf(answer),
      logprobs: logprobs(tokens),
      finish_reason: answer.finish,
    })),
    usage: usageObject(usage),
    ...servedBy,
  })
}

function messageOf({ text, toolCalls }: ModelAnswer) {
  const calls = toolCalls.map((call) => toolCall(call, call.arguments))
  return {
    role: 'assistant',
    content: calls.length > 0 ? null : text,
    refusal: null,
    annotations: [],
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  }
}

const logprobs = (tokens: readonly SaidToken[] | undefined) =>
  tokens ? { content: tokens.map(logprobObject), refusal: null } : null

/** A call with as much of what it is called with as is said. */
function toolCall({ id, name, isCustom }: ModelToolCall, said: string) {
  return isCustom
    ? { id, type: 'custom', custom: { name, input: said } }
    : { id, type: 'function', function: { name, arguments: said } }
}

const afterAlone = ',"logprobs":null,"finish_reason":null}]}\n\n'
const afterWithUsage = ',"logprobs":null,"finish_reason":null}],"usage":null}\n\n'
const afterWordsAlone = `"}${afterAlone}`
const afterWordsWithUsage = `"}${afterWithUsage}`

/** What all chunks of the answers that a model begins in one second have in common, each choice for itself. */
interface Shared {
  readonly createdSeconds: number
  readonly model: string
  /** After the id. */
  readonly head: string
  readonly beforeDelta: string
  readonly beforeWords: string
}

/** Of the last answer, by choice: one string for thousands of streams is near whenever a chunk is made of it. */
const lastShared: Shared[] = []

function sharedBy(head: Pick<AnswerHead, 'createdSeconds' | 'model'>, index: number): Shared {
  const last = lastShared[index]
  if (last?.createdSeconds === head.createdSeconds && last.model === head.model) return last
  const next = shared(head, index)
  lastShared[index] = next
  return next
}

function shared(
  { createdSeconds, model }: Pick<AnswerHead, 'createdSeconds' | 'model'>,
  index: number,
): Shared {
  const object = 'chat.completion.chunk'
  const said = JSON.stringify({ object, created: createdSeconds, model, ...servedBy })
  const head = `",${said.slice(1, -1)}`
  const beforeDelta = [head, `,"choices":[{"index":${index},"delta":`].join('')
  return {
    createdSeconds,
    model,
    head,
    beforeDelta,
    beforeWords: [beforeDelta, '{"content":"'].join(''),
  }
}

const ascii = /^[\x20-\x7e]*$/
/** What JSON says as it is. */
const plainWords = /^[ !#-[\]-~]*$/

/** The chunks of a streamed answer. */
export class ChatStream implements AnswerStream {
  readonly encoding?: 'latin1'
  /** Each chunk up to what it shares with others. */
  readonly #start: string
  readonly #shared: Shared
  readonly #answer: ModelAnswer
  readonly #usage: ModelUsage
  readonly #includeUsage: boolean
  /** Absent for plain words and nothing else, as most answers are. */
  readonly #cutter: AnswerCutter | undefined
  readonly #text: string
  #saidWords = 0
  /** Where its tokens are told, too. */
  readonly #tokens: ToldTokens | undefined
  #saidCharacters = 0

  constructor(
    head: AnswerHead,
    answer: ModelAnswer,
    usage: ModelUsage,
    { includeUsage, tokens, index = 0 }: ChatOptions,
  ) {
    // Joined, not added: what is added up is kept in parts, and each chunk would be put together from them.
    this.#start = ['data: {"id":"', chatIdPrefix, head.id].join('')
    this.#shared = sharedBy(head, index)
    this.#answer = answer
    this.#usage = usage
    this.#includeUsage = includeUsage
    this.#text = answer.text
    this.#tokens = tokens && new ToldTokens(tokens)
    const isPlain =
      !tokens &&
      answer.toolCalls.length === 0 &&
      answer.thinking === undefined &&
      plainWords.test(answer.text)
    if (isPlain && ascii.test(this.#shared.head)) this.encoding = 'latin1'
    if (!isPlain) this.#cutter = new AnswerCutter(answerParts(answer))
  }

  /** Says who speaks. */
  opening(): string {
    const content = this.#answer.toolCalls.length > 0 ? 'null' : '""'
    return this.#chunk(`{"role":"assistant","content":${content},"refusal":null}`)
  }

  /** One chunk but where a tool call begins. */
  piece(to: number): string {
    if (!this.#cutter) return this.#words(to)
    const { toolCalls } = this.#answer
    let events = ''
    for (const { index, text, begins } of this.#cutter.upTo(to)) {
      const piece = JSON.stringify(text)
      const call = toolCalls[index]
      if (call && begins) events += this.#callBegins(index, call)
      if (call && text) {
        const more = call.isCustom ? `"custom":{"input":${piece}}` : `"function":{"arguments":${piece}}`
        events += this.#chunk(`{"tool_calls":[{"index":${index},${more}}]}`)
      }
      if (!call && text) {
        this.#saidCharacters += text.length
        events += this.#chunk(`{"content":${piece}}`, this.#tokens?.upTo(this.#saidCharacters))
      }
    }
    return events
  }

  #words(to: number): string {
    const from = this.#saidWords
    this.#saidWords = Math.round(to * this.#text.length)
    if (this.#saidWords === from) return ''
    const after = this.#includeUsage ? afterWordsWithUsage : afterWordsAlone
    return this.#start + this.#shared.beforeWords + this.#text.slice(from, this.#saidWords) + after
  }

  #callBegins(index: number, call: ModelToolCall): string {
    return this.#chunk(JSON.stringify({ tool_calls: [{ index, ...toolCall(call, '') }] }))
  }

  closing(): string {
    return this.finish() + this.end()
  }

  /** Why it ended. */
  finish(): string {
    const finish = `,"logprobs":null,"finish_reason":"${this.#answer.finish}"}]`
    const end = `${finish}${this.#includeUsage ? ',"usage":null' : ''}}\n\n`
    return `${this.#start}${this.#shared.beforeDelta}{}${end}`
  }

  /** What was used where asked for, and the end. */
  end(): string {
    const usage = this.#includeUsage
      ? `${this.#start}${this.#shared.head},"choices":[],"usage":${JSON.stringify(usageObject(this.#usage))}}\n\n`
      : ''
    return usage + sseEvent('[DONE]')
  }

  failure(message: string): string {
    const event = streamFailures.chat(message, '')
    return this.encoding === undefined ? event : event.replace(beyondAscii, escaped)
  }

  #chunk(delta: string, tokens?: readonly SaidToken[]): string {
    const after = this.#includeUsage ? afterWithUsage : afterAlone
    const told = tokens ? after.replace('null', () => JSON.stringify(logprobs(tokens))) : after
    return this.#start + this.#shared.beforeDelta + delta + told
  }
}

const beyondAscii = /[\u0080-\uffff]/g
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`

function usageObject({ inputTokens, cachedTokens, outputTokens, thinkingTokens = 0 }: ModelUsage) {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: thinkingTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
