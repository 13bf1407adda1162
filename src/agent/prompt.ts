import { charactersPerToken } from '../workload/tokenizer.ts'
import { countTokens, padding } from './count-tokens.ts'
import type { KeptMessage, ToolDeclaration } from './messages.ts'

const separator = '\n\n'
const instructions = 'You are a helpful assistant. Use the tools where they help. '

/** The system prompt that counts `tokens` together with the tools that are declared beside it. */
export function systemPrompt(tokens: number, tools: readonly ToolDeclaration[]): string {
  const declared = tools.length > 0 ? countTokens(JSON.stringify(tools)) : 0
  const characters = Math.max(0, tokens - declared) * charactersPerToken
  return (instructions + padding(characters - instructions.length)).slice(0, characters)
}

/**
 * The user's text as it is kept: short of `tokens`, it comes with retrieved context up to that size. Which context
 * it was is not kept, only how much.
 */
export function userMessage(text: string, tokens: number): KeptMessage {
  return { role: 'user', text, padTokens: Math.max(0, tokens - countTokens(text)) }
}

/** A kept message as it is sent: context before the text, so that the text is what the model reads last. */
export function sentText(message: KeptMessage): string {
  if (message.padTokens === 0) return message.text
  return `${padding(message.padTokens * charactersPerToken - separator.length)}${separator}${message.text}`
}
