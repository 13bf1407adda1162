import type { Prompt } from '../../wire/model-request.ts'
import { toolsText } from './tools-text.ts'

/** What a model reads around what it is told. */
export interface ChatLayout {
  /** Tokens around each message, with its role. */
  readonly message: number
  readonly call: number
  /** Around declared tools; where a system message stands before them, and where none does. */
  readonly tools: { readonly withSystem: number; readonly alone: number }
  readonly beginsAnswer: number
  toolsText(prompt: Prompt): string
}

/**
 * OpenAI's, of its cookbook (How to count tokens with tiktoken): three tokens and the role around each message, three
 * that begin the answer. What stands around calls and declared functions is not published; it is what usage was seen
 * to say.
 */
export const openAiLayout: ChatLayout = {
  message: 4,
  call: 3,
  tools: { withSystem: 5, alone: 9 },
  beginsAnswer: 3,
  toolsText,
}

/** That of gpt-oss, as it is published. */
export const harmonyLayout: ChatLayout = { ...openAiLayout, beginsAnswer: 2 }

/**
 * ChatML, which most open models have or nearly: `<|im_start|>`, role and line break before a message, `<|im_end|>` and
 * line break after it. Tools are told as JSON.
 */
export const chatMlLayout: ChatLayout = {
  message: 5,
  call: 3,
  tools: { withSystem: 0, alone: 0 },
  beginsAnswer: 3,
  toolsText: ({ declared }) => declared,
}
