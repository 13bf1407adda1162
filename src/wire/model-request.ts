import type { JsonObject } from './request-fields.ts'

/** A message, as far as the answer depends on it. */
export interface ModelMessage {
  /** `system`, `developer`, `user`, `assistant` or `tool`. */
  readonly role: string
  /** Text of the content, its parts joined. */
  readonly text: string
  /** Of a tool's result: the call that it answers. */
  readonly toolCallId?: string
  /** Characters that count as input: the text, and names and arguments of tool calls. */
  readonly characters: number
}

export interface DeclaredTool {
  readonly name: string
  /** JSON Schema of the arguments. */
  readonly parameters: JsonObject
}

export interface ToolChoice {
  readonly mode: 'auto' | 'none' | 'required'
  /** When present, only these may be called. */
  readonly names?: readonly string[]
}

export type ResponseFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'json' }
  | { readonly kind: 'schema'; readonly schema: JsonObject }

/** Thinking that is part of the answer. */
export interface Thinking {
  readonly budgetTokens: number
  /** Its text is told, and not only that there was some. */
  readonly isShown: boolean
}

/** What a model is asked, in whatever API: checked and brought to one form. */
export interface ModelRequest {
  readonly model: string
  readonly messages: readonly ModelMessage[]
  readonly tools: readonly DeclaredTool[]
  readonly toolChoice: ToolChoice
  readonly parallelToolCalls: boolean
  readonly format: ResponseFormat
  readonly maxTokens: number | undefined
  readonly stream: boolean
  /** Absent: nothing of what is thought is told. */
  readonly thinking?: Thinking
  /** Characters of messages and tool declarations. */
  readonly characters: number
}
