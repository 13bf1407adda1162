import { expect, test } from 'vitest'
import { readCountTokensRequest, readInvokeRequest, readMessagesRequest } from './anthropic-request.ts'
import { readConverseRequest } from './bedrock-request.ts'
import { readGeminiCount, readGeminiRequest } from './gemini-request.ts'
import { readChatRequest } from './openai-chat-request.ts'
import { readResponseOfItems, readResponsesRequest } from './openai-responses-request.ts'

/** An object in an object, and so on: deeper than the stack of whoever walks it by recursion. */
const levels = 20_000
const deep = `${'{"type":"object","additionalProperties":false,"required":["a"],"properties":{"a":'.repeat(levels)}{}${'}}'.repeat(levels)}`

const claude = { model: 'claude-sonnet-5', stream: false }
const gemini = { model: 'gemini-2.5-flash', stream: false }
const functionOf = (name: string): string => `{"functionDeclarations":[{"name":"f","${name}":${deep}}]}`
const chat = (more: string): string => `{"model":"gpt-5","messages":[{"role":"user","content":"x"}],${more}}`
const responses = (more: string): string => `{"model":"gpt-5","input":"x",${more}}`
const messages = (more: string): string =>
  `{"model":"claude-sonnet-5","anthropic_version":"a","max_tokens":9,"messages":[{"role":"user","content":"x"}],${more}}`
const converse = (more: string): string => `{"messages":[{"role":"user","content":[{"text":"x"}]}],${more}}`
const contents = (more: string): string => `{"contents":[{"parts":[{"text":"x"}]}],${more}}`

const strictTool = `"tools":[{"type":"function","name":"f","strict":true,"parameters":${deep}}]`
const strictText = `"text":{"format":{"type":"json_schema","name":"s","strict":true,"schema":${deep}}}`
const claudeTool = `"tools":[{"name":"f","input_schema":${deep}}]`
const claudeAnswer = `"output_config":{"format":{"type":"json_schema","schema":${deep}}}`
const toolSpec = `{"toolSpec":{"name":"f","inputSchema":{"json":${deep}}}}`

test.each([
  [
    'Chat Completions',
    readChatRequest,
    [
      `"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":${deep}}}]`,
      `"response_format":{"type":"json_schema","json_schema":{"name":"s","strict":true,"schema":${deep}}}`,
    ].map(chat),
  ],
  [
    'Responses',
    (body: string) => readResponsesRequest(body, () => undefined),
    [strictTool, strictText].map(responses),
  ],
  ['Realtime', readResponseOfItems, [strictTool].map(responses)],
  [
    'Messages',
    (body: string) => readMessagesRequest(body, () => undefined),
    [claudeTool, claudeAnswer].map(messages),
  ],
  ['tokens of Messages', readCountTokensRequest, [claudeTool, claudeAnswer].map(messages)],
  [
    'InvokeModel',
    (body: string) => readInvokeRequest(body, claude),
    [claudeTool, claudeAnswer].map(messages),
  ],
  [
    'Converse',
    (body: string) => readConverseRequest(body, claude),
    [`"toolConfig":{"tools":[${toolSpec}]}`].map(converse),
  ],
  [
    'Gemini',
    (body: string) => readGeminiRequest(body, gemini),
    [
      `"tools":[${functionOf('parameters')}]`,
      `"tools":[${functionOf('parametersJsonSchema')}]`,
      `"generationConfig":{"responseMimeType":"application/json","responseSchema":${deep}}`,
    ].map(contents),
  ],
  [
    'tokens of Gemini',
    (body: string) => readGeminiCount(body, gemini),
    [`"tools":[${functionOf('parameters')}]`].map(contents),
  ],
])('%s: schemas that nest deeper than a stack are refused', (_, read, bodies) => {
  const message = expect.stringContaining('nested deeper') as unknown
  for (const body of bodies) expect(read(body)).toMatchObject({ error: { status: 400, message } })
})
