import { isObject, type JsonObject, listIn, Refusal } from './request-fields.ts'

/** What a request asks for, in one spelling. */
export interface AskedOfGemini {
  readonly model: string
  readonly isVertex: boolean
  readonly contents: readonly JsonObject[]
  /** Entries of `tools`, in one spelling. */
  readonly tools: readonly JsonObject[]
  /** `generationConfig`. */
  readonly config: JsonObject
}

/** Refuses what Gemini refuses of requests that are well formed. */
export function requireFitForGemini(asked: AskedOfGemini): void {
  const { model, isVertex, tools, config } = asked
  if (!/^gemini-\d/.test(model)) return
  requireCallsAfterUser(asked.contents)
  const mimeType = config['responseMimeType'] ?? 'text/plain'
  if (isObject(config['responseSchema']) && mimeType === 'text/plain')
    throw new Refusal(
      "Response_schema with a response mime type 'text/plain' is unsupported",
      'generationConfig.responseSchema',
    )
  const declares = tools.some((tool) => listIn(tool, 'functionDeclarations').length > 0)
  // Gemini 2.0 took both, and 3 does again.
  if (declares && mimeType === 'application/json' && /^gemini-(?:1|2\.5)/.test(model))
    throw new Refusal(
      "Function calling with a response mime type: 'application/json' is unsupported",
      'generationConfig.responseMimeType',
    )
  if (!isVertex) requireProperties(tools)
}

/**
 * A history that was cut begins with a call. What the model says in several contents is one turn: Google's client
 * keeps streams so.
 */
function requireCallsAfterUser(contents: readonly JsonObject[]): void {
  for (const content of contents) {
    if (content['role'] !== 'model') return
    if (listIn(content, 'parts').some((part) => part['functionCall'] ?? part['function_call']))
      throw new Refusal(
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
        'contents',
      )
  }
}

/** Functions without arguments have no parameters at all; JSON Schemas, which stand elsewhere, and objects within may be empty. */
function requireProperties(tools: readonly JsonObject[]): void {
  for (const [at, tool] of tools.entries())
    for (const [index, { parameters }] of listIn(tool, 'functionDeclarations').entries())
      requireFilled(parameters, `tools[${at}].function_declarations[${index}].parameters.properties`)
}

function requireFilled(schema: unknown, path: string): void {
  if (!isObject(schema)) return
  const { type, properties, anyOf, additionalProperties } = schema
  const isFilled = isObject(properties) && Object.keys(properties).length > 0
  const isOpen = additionalProperties !== undefined || anyOf !== undefined
  if (/^object$/i.test(String(type)) && !isFilled && !isOpen)
    throw new Refusal(`* GenerateContentRequest.${path}: should be non-empty for OBJECT type\n`, path)
}
