// For tests that hold every model API to the same: how each asks, and what it tells, as plain HTTP.

/** What an agent asks, in no API's words. */
export interface Asked {
  readonly tools: readonly string[]
  readonly choice?: 'auto' | 'none' | 'any' | { readonly name: string }
  readonly isParallel?: false
  /** The form of the answer. */
  readonly schema?: Json
}

export interface ToldCall {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
}

export interface Told {
  readonly status: number
  readonly text: string
  readonly calls: readonly ToldCall[]
  /** Why it ends, in the API's words. */
  readonly finish: string
}

type Json = Readonly<Record<string, unknown>>
type Item = Json

/** One API: its conversation is a list of its own items. */
export interface SpokenDialect {
  readonly path: string
  /** Reasons to end: with an answer, and with calls. */
  readonly finishes: { readonly answer: string; readonly calls: string }
  /** What not every API has words for. */
  readonly can: readonly ('none' | 'one at a time')[]
  readonly said: (text: string) => Item
  readonly body: (items: readonly Item[], asked: Asked, parametersOf: (tool: string) => Json) => Json
  readonly told: (body: Json) => Omit<Told, 'status'>
  /** The answer and the results of its calls, as the conversation goes on with them. */
  readonly followed: (body: Json, calls: readonly ToldCall[], results: readonly string[]) => Item[]
}

const list = (value: unknown): readonly Json[] => (value ?? []) as readonly Json[]
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const parsed = (value: unknown): unknown => JSON.parse(text(value)) as unknown
const choiceName = ({ choice }: Asked): string | undefined =>
  typeof choice === 'object' ? choice.name : undefined

const chat: SpokenDialect = {
  path: '/v1/chat/completions',
  finishes: { answer: 'stop', calls: 'tool_calls' },
  can: ['none', 'one at a time'],
  said: (content) => ({ role: 'user', content }),
  body: (messages, asked, parametersOf) => ({
    model: 'any',
    messages,
    tools: asked.tools.map((name) => ({
      type: 'function',
      function: { name, parameters: parametersOf(name) },
    })),
    tool_choice: choiceName(asked)
      ? { type: 'function', function: { name: choiceName(asked) } }
      : asked.choice === 'any'
        ? 'required'
        : (asked.choice ?? 'auto'),
    parallel_tool_calls: asked.isParallel ?? true,
    ...(asked.schema
      ? {
          response_format: {
            type: 'json_schema',
            json_schema: { name: 'shape', strict: true, schema: asked.schema },
          },
        }
      : {}),
  }),
  told(body) {
    const { message, finish_reason: finish } = list(body['choices'])[0] as Record<string, Json>
    const calls = list(message!['tool_calls']).map(({ id, function: called }) => {
      const { name, arguments: json } = called as Json
      return { id: text(id), name: text(name), arguments: parsed(json) }
    })
    return { text: text(message!['content']), calls, finish: text(finish) }
  },
  followed: (body, calls, results) => [
    (list(body['choices'])[0] as Record<string, Json>)['message']!,
    ...calls.map(({ id }, i) => ({ role: 'tool', tool_call_id: id, content: results[i] })),
  ],
}

const responses: SpokenDialect = {
  path: '/v1/responses',
  finishes: { answer: 'completed', calls: 'completed' },
  can: ['none', 'one at a time'],
  said: (content) => ({ role: 'user', content }),
  body: (input, asked, parametersOf) => ({
    model: 'any',
    input,
    tools: asked.tools.map((name) => ({ type: 'function', name, parameters: parametersOf(name) })),
    tool_choice: choiceName(asked)
      ? { type: 'function', name: choiceName(asked) }
      : asked.choice === 'any'
        ? 'required'
        : (asked.choice ?? 'auto'),
    parallel_tool_calls: asked.isParallel ?? true,
    ...(asked.schema
      ? { text: { format: { type: 'json_schema', name: 'shape', strict: true, schema: asked.schema } } }
      : {}),
  }),
  told(body) {
    const output = list(body['output'])
    const of = (type: string): readonly Json[] => output.filter((item) => item['type'] === type)
    return {
      text: of('message')
        .flatMap(({ content }) => list(content).map((part) => text(part['text'])))
        .join(''),
      calls: of('function_call').map((item) => ({
        id: text(item['call_id']),
        name: text(item['name']),
        arguments: parsed(item['arguments']),
      })),
      finish: text(body['status']),
    }
  },
  followed: (body, calls, results) => [
    ...list(body['output']),
    ...calls.map(({ id }, i) => ({ type: 'function_call_output', call_id: id, output: results[i] })),
  ],
}

const anthropic: SpokenDialect = {
  path: '/v1/messages',
  finishes: { answer: 'end_turn', calls: 'tool_use' },
  can: ['none', 'one at a time'],
  said: (content) => ({ role: 'user', content }),
  body: (messages, asked, parametersOf) => ({
    model: 'any',
    max_tokens: 1000,
    messages,
    tools: asked.tools.map((name) => ({ name, input_schema: parametersOf(name) })),
    tool_choice: {
      ...(choiceName(asked)
        ? { type: 'tool', name: choiceName(asked) }
        : { type: text(asked.choice ?? 'auto') }),
      ...(asked.isParallel === false ? { disable_parallel_tool_use: true } : {}),
    },
    ...(asked.schema ? { output_config: { format: { type: 'json_schema', schema: asked.schema } } } : {}),
  }),
  told(body) {
    const content = list(body['content'])
    return {
      text: content.map((block) => text(block['text'])).join(''),
      calls: content
        .filter(({ type }) => type === 'tool_use')
        .map(({ id, name, input }) => ({ id: text(id), name: text(name), arguments: input })),
      finish: text(body['stop_reason']),
    }
  },
  followed: (body, calls, results) => [
    { role: 'assistant', content: body['content'] },
    {
      role: 'user',
      content: calls.map(({ id }, i) => ({ type: 'tool_result', tool_use_id: id, content: results[i] })),
    },
  ],
}

const gemini: SpokenDialect = {
  path: '/v1beta/models/any:generateContent',
  finishes: { answer: 'STOP', calls: 'STOP' },
  can: ['none'],
  said: (said) => ({ role: 'user', parts: [{ text: said }] }),
  body: (contents, asked, parametersOf) => ({
    contents,
    tools: [
      {
        functionDeclarations: asked.tools.map((name) => ({
          name,
          parametersJsonSchema: parametersOf(name),
        })),
      },
    ],
    toolConfig: {
      functionCallingConfig: choiceName(asked)
        ? { mode: 'ANY', allowedFunctionNames: [choiceName(asked)] }
        : { mode: text(asked.choice ?? 'auto').toUpperCase() },
    },
    ...(asked.schema
      ? {
          generationConfig: {
            responseMimeType: 'application/json',
            responseJsonSchema: asked.schema,
          },
        }
      : {}),
  }),
  told(body) {
    const candidate = list(body['candidates'])[0]!
    const parts = list((candidate['content'] as Json)['parts'])
    return {
      text: parts.map((part) => text(part['text'])).join(''),
      calls: parts.flatMap((part) => {
        const call = part['functionCall'] as Json | undefined
        return call ? [{ id: text(call['id']), name: text(call['name']), arguments: call['args'] }] : []
      }),
      finish: text(candidate['finishReason']),
    }
  },
  followed: (body, calls, results) => [
    list(body['candidates'])[0]!['content'] as Json,
    {
      role: 'user',
      parts: calls.map(({ id, name }, i) => ({
        functionResponse: { id, name, response: { result: results[i] } },
      })),
    },
  ],
}

const bedrock: SpokenDialect = {
  path: '/model/any/converse',
  finishes: { answer: 'end_turn', calls: 'tool_use' },
  can: [],
  said: (said) => ({ role: 'user', content: [{ text: said }] }),
  body: (messages, asked, parametersOf) => ({
    messages,
    toolConfig: {
      tools: asked.tools.map((name) => ({
        toolSpec: { name, inputSchema: { json: parametersOf(name) } },
      })),
      toolChoice: choiceName(asked)
        ? { tool: { name: choiceName(asked) } }
        : { [text(asked.choice ?? 'auto')]: {} },
    },
    ...(asked.schema
      ? {
          outputConfig: {
            textFormat: {
              type: 'json_schema',
              structure: { jsonSchema: { name: 'shape', schema: JSON.stringify(asked.schema) } },
            },
          },
        }
      : {}),
  }),
  told(body) {
    const content = list(((body['output'] as Json)['message'] as Json)['content'])
    return {
      text: content.map((block) => text(block['text'])).join(''),
      calls: content.flatMap((block) => {
        const use = block['toolUse'] as Json | undefined
        return use ? [{ id: text(use['toolUseId']), name: text(use['name']), arguments: use['input'] }] : []
      }),
      finish: text(body['stopReason']),
    }
  },
  followed: (body, calls, results) => [
    (body['output'] as Json)['message'] as Json,
    {
      role: 'user',
      content: calls.map(({ id }, i) => ({
        toolResult: { toolUseId: id, content: [{ text: results[i] }] },
      })),
    },
  ],
}

export const spokenDialects = {
  'Chat Completions': chat,
  Responses: responses,
  'Anthropic Messages': anthropic,
  Gemini: gemini,
  'Bedrock Converse': bedrock,
} as const satisfies Record<string, SpokenDialect>
