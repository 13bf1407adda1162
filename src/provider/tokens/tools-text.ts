import { formatFunctionDefinitions } from 'gpt-tokenizer/functionCalling'
import type { Prompt } from '../../wire/model-request.ts'

type Definitions = Parameters<typeof formatFunctionDefinitions>[0]

/**
 * Declared tools in the form in which OpenAI's models read them, which is not published but known from what usage says
 * of them: TypeScript types of a namespace. Schemas that cannot be written so are read as JSON.
 */
export function toolsText({ tools, declared }: Pick<Prompt, 'tools' | 'declared'>): string {
  try {
    return formatFunctionDefinitions(tools as unknown as Definitions)
  } catch (error) {
    if (error instanceof TypeError) return declared
    throw error
  }
}
