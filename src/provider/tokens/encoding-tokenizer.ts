import type { ModelMessage } from '../../wire/model-request.ts'
import { type Encoding, type EncodingName, loadEncoding } from './load-encoding.ts'
import { Recent } from './recent.ts'
import { encodableParts, textBlocks } from './text-blocks.ts'
import type { Prompt, Tokenizer } from './tokenizer.ts'
import { toolsText } from './tools-text.ts'

/** Text of which the tokens are known, each way. */
const keptCharacters = 4_000_000

/**
 * OpenAI's, of its cookbook (How to count tokens with tiktoken): three tokens and the role around each message, three
 * that begin the answer; of gpt-oss the published format (harmony), which begins it with two. What stands around calls
 * and declared functions is not published; it is what usage was seen to say.
 */
const around = { message: 4, call: 3, tools: 9, toolsAfterSystem: 5 } as const
const beginsAnswer = { o200k_base: 3, cl100k_base: 3, o200k_harmony: 2 } as const

/**
 * Counts by a published encoding. What it has counted lately it knows again, so that a conversation which grows costs
 * what is new in it.
 */
export class EncodingTokenizer implements Tokenizer {
  readonly name: EncodingName
  readonly unitsPerToken = 1
  readonly #encoding: Encoding
  readonly #counts = new Recent<number>(keptCharacters)
  /** For who needs more than their number. */
  readonly #tokens = new Recent<Uint32Array>(keptCharacters)
  readonly #toolsTexts = new Recent<string>(keptCharacters)

  constructor(name: EncodingName) {
    this.name = name
    this.#encoding = loadEncoding(name)
  }

  count(text: string): number {
    let tokens = 0
    for (const block of textBlocks(text)) tokens += this.#counts.get(block, () => this.#countBlock(block))
    return tokens
  }

  remember(text: string, tokens: number): void {
    const [first, ...more] = textBlocks(text)
    if (first !== undefined && more.length === 0) this.#counts.get(first, () => tokens)
  }

  prefix(text: string, tokens: number): string {
    const first: number[] = []
    for (const block of textBlocks(text)) {
      if (first.length >= tokens) break
      for (const token of this.#tokensOf(block).subarray(0, tokens - first.length)) first.push(token)
    }
    // A token may end within a character.
    return this.#encoding.decode(first).replace(/\uFFFD$/, '')
  }

  countPrompt(prompt: Prompt): number {
    let tokens = this.#afterTools(prompt) + beginsAnswer[this.name]
    if (prompt.tools.length > 0) tokens += this.count(this.#toolsText(prompt))
    return tokens + this.countMessages(prompt.messages)
  }

  countMessages(messages: readonly ModelMessage[]): number {
    return messages.reduce((sum, message) => sum + this.#countMessage(message), 0)
  }

  read(prompt: Prompt, see: (unit: number) => void): void {
    const seeText = (text: string): void => {
      for (const block of textBlocks(text)) for (const token of this.#tokensOf(block)) see(token)
    }
    const seeAround = (tokens: number): void => {
      for (let i = 0; i < tokens; i++) see(0)
    }
    if (prompt.tools.length > 0) seeText(this.#toolsText(prompt))
    seeAround(this.#afterTools(prompt))
    for (const { role, text, called = [], thought = '', tokens } of prompt.messages) {
      if (tokens !== undefined) {
        seeAround(tokens)
        continue
      }
      seeText(role)
      seeAround(around.message - 1 + around.call * called.length)
      seeText(text)
      for (const call of called) {
        seeText(call.name)
        seeText(call.arguments)
      }
      seeText(thought)
    }
    seeAround(beginsAnswer[this.name])
  }

  #countMessage({ text, called, thought, tokens: known }: ModelMessage): number {
    if (known !== undefined) return known
    let tokens = around.message + this.count(text)
    if (called)
      for (const call of called) tokens += around.call + this.count(call.name) + this.count(call.arguments)
    return thought === undefined ? tokens : tokens + this.count(thought)
  }

  #afterTools({ tools, messages }: Prompt): number {
    if (tools.length === 0) return 0
    return messages.some(({ role }) => role === 'system') ? around.toolsAfterSystem : around.tools
  }

  #toolsText(prompt: Prompt): string {
    return this.#toolsTexts.get(prompt.declared, () => toolsText(prompt))
  }

  #countBlock(block: string): number {
    let tokens = 0
    for (const part of encodableParts(block)) tokens += this.#encoding.count(part)
    return tokens
  }

  #tokensOf(block: string): Uint32Array {
    return this.#tokens.get(block, () => {
      const parts = Array.from(encodableParts(block), (part) => this.#encoding.encode(part))
      return Uint32Array.from(parts.length === 1 ? parts[0]! : parts.flat())
    })
  }
}
