import type { ModelUsage } from './model-answer.ts'
import { parsedJson } from './parsed-json.ts'
import { isObject, type JsonObject, objectIn } from './request-fields.ts'
import { anthropicUsage, geminiUsage, openAiUsage } from './told-usage.ts'

/** What an answer of a model API holds, read while it passes by. */
export interface SeenAnswer {
  readonly usage: ModelUsage | undefined
  readonly asks: readonly { readonly id: string; readonly name: string }[]
  /** Of text, thinking and arguments. */
  readonly characters: number
  readonly text: string
  /** It ended as its API ends answers. */
  readonly isWhole: boolean
}

/** APIs whose answers are read. */
export type ReadableApi = 'chat' | 'responses' | 'messages' | 'gemini'

/** Puts an answer together from its body or from the events of its stream; what it does not know it lets pass. */
export class AnswerWatcher implements SeenAnswer {
  usage: ModelUsage | undefined
  readonly asks: { id: string; name: string }[] = []
  characters = 0
  text = ''
  isWhole = false
  readonly #read: (value: JsonObject, answer: AnswerWatcher) => void
  readonly #keepText: boolean

  constructor(api: ReadableApi, keepText: boolean) {
    this.#read = readers[api]
    this.#keepText = keepText
  }

  /** The JSON of a whole answer or of one event. */
  see(json: string): void {
    const value = parsedJson(json)
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value])
      if (isObject(each)) this.#read(each, this)
  }

  said(text: unknown): void {
    if (typeof text !== 'string') return
    this.characters += text.length
    if (this.#keepText) this.text += text
  }

  asked(id: unknown, name: unknown): void {
    if (typeof name === 'string' && name !== '')
      this.asks.push({ id: typeof id === 'string' ? id : '', name })
  }
}

const readers: Readonly<Record<ReadableApi, (value: JsonObject, answer: AnswerWatcher) => void>> = {
  chat(value, answer) {
    const choice = objects(value['choices'])[0]
    const said = objectIn(choice, 'delta') ?? objectIn(choice, 'message')
    answer.said(said?.['content'])
    answer.said(said?.['reasoning_content'])
    for (const call of objects(said?.['tool_calls'])) {
      const called = objectIn(call, 'function') ?? objectIn(call, 'custom')
      answer.asked(call['id'], called?.['name'])
      answer.said(called?.['arguments'] ?? called?.['input'])
    }
    if (typeof choice?.['finish_reason'] === 'string') answer.isWhole = true
    const usage = objectIn(value, 'usage')
    if (usage) answer.usage = openAiUsage(usage, 'prompt', 'completion', answer.usage)
  },
  responses(value, answer) {
    const type = value['type']
    if (typeof type === 'string' && type.endsWith('.delta')) answer.said(value['delta'])
    const response = objectIn(value, 'response') ?? (value['object'] === 'response' ? value : undefined)
    const isEnd = response?.['status'] === 'completed' || response?.['status'] === 'incomplete'
    if (!isEnd) return
    answer.isWhole = true
    for (const item of objects(response['output'])) {
      if (item['type'] === 'function_call' || item['type'] === 'custom_tool_call')
        answer.asked(item['call_id'], item['name'])
      if (type !== undefined) continue
      answer.said(item['arguments'] ?? item['input'])
      for (const part of objects(item['content'])) answer.said(part['text'])
    }
    const usage = objectIn(response, 'usage')
    if (usage) answer.usage = openAiUsage(usage, 'input', 'output', answer.usage)
  },
  messages(value, answer) {
    const block = (part: JsonObject | undefined): void => {
      answer.said(part?.['text'])
      answer.said(part?.['thinking'])
      if (part?.['type'] === 'tool_use') answer.asked(part['id'], part['name'])
    }
    if (value['type'] === 'content_block_start') block(objectIn(value, 'content_block'))
    if (value['type'] === 'content_block_delta') {
      block({ ...objectIn(value, 'delta'), type: undefined })
      answer.said(objectIn(value, 'delta')?.['partial_json'])
    }
    for (const part of objects(value['content'])) {
      block(part)
      if (part['type'] === 'tool_use') answer.said(JSON.stringify(part['input'] ?? {}))
    }
    if (value['type'] === 'message_stop' || typeof value['stop_reason'] === 'string') answer.isWhole = true
    const usage = objectIn(value, 'usage') ?? objectIn(objectIn(value, 'message'), 'usage')
    if (usage) answer.usage = anthropicUsage(usage, answer.usage)
  },
  gemini(value, answer) {
    const candidate = objects(value['candidates'])[0]
    for (const part of objects(objectIn(candidate, 'content')?.['parts'])) {
      answer.said(part['text'])
      const call = objectIn(part, 'functionCall')
      if (!call) continue
      answer.asked(call['id'], call['name'])
      answer.said(JSON.stringify(call['args'] ?? {}))
    }
    if (typeof candidate?.['finishReason'] === 'string') answer.isWhole = true
    const usage = objectIn(value, 'usageMetadata')
    if (usage) answer.usage = geminiUsage(usage)
  },
}

function objects(value: unknown): JsonObject[] {
  return Array.isArray(value) ? (value as unknown[]).filter(isObject) : []
}
