import type { DeclaredTool, ToolChoice } from './model-request.ts'
import {
  type JsonObject,
  object,
  optional,
  Refusal,
  required,
  requireShallow,
  string,
  wrongType,
} from './request-fields.ts'

const functionNames = /^[a-zA-Z0-9_-]{1,128}$/

/** The declarations of tools, read one by one. */
export function declaredTools(
  entries: readonly unknown[] | undefined,
  read: (entry: unknown, index: number) => readonly DeclaredTool[],
): DeclaredTool[] {
  if (entries === undefined) return []
  requireShallow(entries, 'tools')
  return entries.flatMap(read)
}

/** No two of one name, in APIs that say so in these words. */
export function requireUnique(tools: readonly DeclaredTool[], words: (name: string) => string): void {
  const names = new Set<string>()
  for (const { name } of tools)
    if (names.has(name)) throw new Refusal(words(name), 'tools')
    else names.add(name)
}

/** A declared function whose name is a name. */
export function declaredTool(
  { name, description }: JsonObject,
  parameters: JsonObject | undefined,
  param: string,
  mostCharacters = 64,
): DeclaredTool {
  if (typeof name !== 'string') throw wrongType(param, 'a string', name)
  if (!functionNames.test(name) || name.length > mostCharacters)
    throw new Refusal(
      `Invalid '${param}': expected 1 to ${mostCharacters} letters, digits, '_' or '-'.`,
      param,
      'invalid_value',
    )
  const described = typeof description === 'string' ? { description } : {}
  return { name, ...described, parameters: parameters ?? {} }
}

/** A custom tool takes plain text; one whose text has to keep to a grammar is not called, so it is not kept. */
export function customTool(declared: JsonObject, param: string): DeclaredTool[] {
  const tool = declaredTool(declared, undefined, `${param}.name`)
  const format = optional(declared, 'format', object, `${param}.`)
  const isPlain = !format || required(format, 'type', string, `${param}.format.`) === 'text'
  return isPlain ? [{ ...tool, isCustom: true }] : []
}

/** A choice that the declared tools allow. */
export function checkedChoice(choice: ToolChoice, tools: readonly DeclaredTool[]): ToolChoice {
  if (choice.mode === 'required' && tools.length === 0)
    throw new Refusal("'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice')
  const unknown = choice.names?.find((name) => !tools.some((tool) => tool.name === name))
  if (unknown !== undefined)
    throw new Refusal(`Tool choice '${unknown.slice(0, 64)}' not found in 'tools' parameter.`, 'tool_choice')
  return choice
}
