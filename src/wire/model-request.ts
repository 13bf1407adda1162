import type { JsonObject } from './request-fields.ts'

/** A message, as far as the answer depends on it. */
export interface ModelMessage {
  /** `system`, `developer`, `user`, `assistant` or `tool`. */
  readonly role: string
  /** Text of the content, its parts joined. */
  readonly text: string
  /** Of a tool's result: the call that it answers. */
  readonly toolCallId?: string
  /** Its tool calls. */
  readonly called?: readonly Called[]
  /** What was thought before it. */
  readonly thought?: string
  /** Characters of all that. */
  readonly characters: number
  /** Of what is not kept as text any more: what it counts. */
  readonly tokens?: number
}

/** A tool call as it is told again. */
export interface Called {
  /** Absent where the API gives it none. */
  readonly id?: string
  readonly name: string
  /** JSON. */
  readonly arguments: string
}

/** A message with all that counts as input in it. */
export function modelMessage(
  role: string,
  text: string,
  more: {
    readonly toolCallId?: string | undefined
    readonly called?: readonly Called[]
    readonly thought?: string
  } = {},
): ModelMessage {
  const { toolCallId, called = [], thought = '' } = more
  const characters = called.reduce(
    (sum, call) => sum + call.name.length + call.arguments.length,
    text.length + thought.length,
  )
  return {
    role,
    text,
    characters,
    ...(toolCallId === undefined ? {} : { toolCallId }),
    ...(called.length === 0 ? {} : { called }),
    ...(thought === '' ? {} : { thought }),
  }
}

/** Characters of messages and of tools as they are declared. */
export function promptCharacters(messages: readonly ModelMessage[], declared: string): number {
  return messages.reduce((sum, { characters }) => sum + characters, declared.length)
}

export interface DeclaredTool {
  readonly name: string
  readonly description?: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject
  /** It takes plain text in their place. */
  readonly isCustom?: true
}

export interface ToolChoice {
  readonly mode: 'auto' | 'none' | 'required'
  /** When present, only these may be called. */
  readonly names?: readonly string[]
}

export type ResponseFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  /** One of these, as it is. */
  | { readonly kind: 'enum'; readonly values: readonly string[] }
  | { readonly kind: 'schema'; readonly schema: JsonObject }

/** Thinking that is part of the answer. */
export interface Thinking {
  readonly budgetTokens: number
  /** Its text is told, and not only that there was some. */
  readonly isShown: boolean
  /** Not even that is told, but in what was used. */
  readonly isSilent?: true
}

/** What a model reads of a request. */
export interface Prompt {
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly DeclaredTool[]
  /** Tools as the request declares them, as JSON; empty where there are none. */
  readonly declared: string
  /** Characters of messages and of what is declared. */
  readonly characters: number
}

/** What a request has to say, as its own messages are made of it. */
export interface PromptParts {
  readonly system: readonly ModelMessage[]
  /** The messages that each entry of the conversation comes to. */
  readonly turns: readonly (readonly ModelMessage[])[]
  readonly tools: readonly DeclaredTool[]
  readonly declared: string
}

/** Up to the last mark that asks for it to be cached, tools first, then what is said; `last` is the last entry with one. */
export function markedPrompt(
  { system, turns, tools, declared }: PromptParts,
  marked: { readonly tools: boolean; readonly system: boolean; readonly last: number },
): Prompt {
  const hasSystem = marked.system || marked.last >= 0
  if (!hasSystem && !marked.tools) return { messages: [], tools: [], declared: '', characters: 0 }
  const messages = [...(hasSystem ? system : []), ...turns.slice(0, marked.last + 1).flat()]
  return { messages, tools, declared, characters: promptCharacters(messages, declared) }
}

/** What a model is asked, in whatever API: checked and brought to one form. */
export interface ModelRequest extends Prompt {
  readonly model: string
  /** As much of its beginning as later requests may find cached; all of it where absent. */
  readonly cacheable?: Prompt
  /** As much of it as is to be kept for an hour. */
  readonly hourly?: Prompt
  readonly toolChoice: ToolChoice
  readonly parallelToolCalls: boolean
  readonly format: ResponseFormat
  readonly maxTokens: number | undefined
  /** What ends the text before it is said; absent where nothing does. */
  readonly stops?: readonly string[]
  /** How many answers it asks for; one where absent. */
  readonly choices?: number
  readonly stream: boolean
  /** What is longer than the model reads loses its beginning, where it would be refused. */
  readonly truncates?: true
  /** Absent: nothing of what is thought is told. */
  readonly thinking?: Thinking
}

/** The most tokens of all answers that it asks for; undefined where it says none. */
export const mostTokensOf = ({ maxTokens, choices = 1 }: ModelRequest): number | undefined =>
  maxTokens === undefined ? undefined : maxTokens * choices
