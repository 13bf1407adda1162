import type { ModelMessage, Prompt } from '../../wire/model-request.ts'

/** Counts the tokens of what a model reads and says. */
export interface Tokenizer {
  /** All that the provider says by itself has as many tokens as it is made of. */
  readonly knowsOurWords: boolean
  /** Of a text that stands alone. */
  count(text: string): number
  /** Of a text that is known to have so many: it is said, and so comes again in the next request. */
  remember(text: string, tokens: number): void
  /** The texts of its tokens; of tokens that end within a character, of those that make it up together. */
  split(text: string): string[]
  /** As much of a text as its first tokens hold. */
  prefix(text: string, tokens: number): string
  /** Of a whole request: its messages, the tools that it declares, and what the model puts around them. */
  countPrompt(prompt: Prompt): number
  /** Of messages, and of nothing around them. */
  countMessages(messages: readonly ModelMessage[]): number
  /**
   * What stands for the prompt as the model reads it, tools first, alike as far as two prompts begin alike: numbers, or
   * the characters of a text. `unitsPerToken` of them are a token.
   */
  read(prompt: Prompt): Iterable<string | ArrayLike<number>>
  readonly unitsPerToken: number
}
