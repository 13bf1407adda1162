import type { ModelMessage, Prompt } from '../../wire/model-request.ts'
import { openings, paddedJson, words } from '../answer-text.ts'
import type { ChatLayout } from './chat-layout.ts'
import type { Encoding } from './load-encoding.ts'
import { Recent } from './recent.ts'
import { encodableParts, textBlocks } from './text-blocks.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Text of which the tokens are known, each way. */
const keptCharacters = 4_000_000

/**
 * Counts by an encoding. What it has counted lately it knows again, so that a conversation which grows costs
 * what is new in it.
 */
export class EncodingTokenizer implements Tokenizer {
  readonly unitsPerToken = 1
  readonly knowsOurWords: boolean
  readonly #encoding: Encoding
  readonly #layout: ChatLayout
  readonly #counts = new Recent<number>(keptCharacters)
  /** For who needs more than their number. */
  readonly #tokens = new Recent<Uint32Array>(keptCharacters)
  readonly #toolsTexts = new Recent<string>(keptCharacters)

  constructor(encoding: Encoding, layout: ChatLayout) {
    this.#encoding = encoding
    this.#layout = layout
    this.knowsOurWords = knowsOurWords(encoding)
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

  split(text: string): string[] {
    const texts: string[] = []
    let open: number[] = []
    for (const block of textBlocks(text))
      for (const token of this.#tokensOf(block)) {
        const whole = this.#encoding.decode([...open, token])
        if (whole.endsWith('\uFFFD')) open.push(token)
        else {
          texts.push(whole)
          open = []
        }
      }
    // A text may end with the character that stands for a part of one.
    if (open.length > 0) texts.push(this.#encoding.decode(open))
    return texts
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
    let tokens = this.#afterTools(prompt) + this.#layout.beginsAnswer
    if (prompt.tools.length > 0) tokens += this.count(this.#toolsText(prompt))
    return tokens + this.countMessages(prompt.messages)
  }

  countMessages(messages: readonly ModelMessage[]): number {
    return messages.reduce((sum, message) => sum + this.#countMessage(message), 0)
  }

  *read(prompt: Prompt): Generator<ArrayLike<number>> {
    if (prompt.tools.length > 0) yield* this.#readText(this.#toolsText(prompt))
    yield around(this.#afterTools(prompt))
    for (const message of prompt.messages) yield* this.#readMessage(message)
    yield around(this.#layout.beginsAnswer)
  }

  *#readMessage({
    role,
    text,
    called = [],
    thought = '',
    tokens,
  }: ModelMessage): Generator<ArrayLike<number>> {
    if (tokens !== undefined) {
      yield around(tokens)
      return
    }
    yield* this.#readText(role)
    yield around(this.#layout.message - 1 + this.#layout.call * called.length)
    yield* this.#readText(text)
    for (const call of called) {
      yield* this.#readText(call.name)
      yield* this.#readText(call.arguments)
    }
    yield* this.#readText(thought)
  }

  *#readText(text: string): Generator<ArrayLike<number>> {
    for (const block of textBlocks(text)) yield this.#tokensOf(block)
  }

  #countMessage({ text, called, thought, tokens: known }: ModelMessage): number {
    if (known !== undefined) return known
    const layout = this.#layout
    let tokens = layout.message + this.count(text)
    if (called)
      for (const call of called) tokens += layout.call + this.count(call.name) + this.count(call.arguments)
    return thought === undefined ? tokens : tokens + this.count(thought)
  }

  #afterTools({ tools, messages }: Prompt): number {
    if (tools.length === 0) return 0
    const { withSystem, alone } = this.#layout.tools
    return messages.some(({ role }) => role === 'system') ? withSystem : alone
  }

  #toolsText(prompt: Prompt): string {
    return this.#toolsTexts.get(prompt.declared, () => this.#layout.toolsText(prompt))
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

/** Tokens of which nothing but their number is known. */
const around = (tokens: number): ArrayLike<number> => new Uint8Array(tokens)

/** Whether each word is one token, and each piece of the white space that makes JSON longer. */
function knowsOurWords(encoding: Encoding): boolean {
  const after = ` ${words.join(' ')}`
  const padded = (pads: number): number => encoding.count(paddedJson('{"a":1}', pads))
  return (
    openings.every((opening) => encoding.count(opening + after) === 1 + words.length) &&
    padded(9) === padded(1) + 8
  )
}
