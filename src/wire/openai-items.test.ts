import { expect, test } from 'vitest'
import { readResponsesRequest } from './openai-responses-request.ts'

const ask = (input: readonly object[], more: object = {}) =>
  readResponsesRequest(
    JSON.stringify({ model: 'gpt-5', input, ...more }),
    (id) => (id === 'resp_kept' ? [] : undefined),
    (id) => id === 'resp_kept',
  )

const user = { role: 'user', content: 'hello' }
const thought = { type: 'reasoning', id: 'rs_kept', summary: [] }
const call = { type: 'function_call', id: 'fc_kept_0', call_id: 'c', name: 'f', arguments: '{}' }
const result = { type: 'function_call_output', call_id: 'c', output: 'done' }
const said = { type: 'message', id: 'msg_kept', role: 'assistant', content: 'hi' }
const reference = { type: 'item_reference', id: 'rs_kept' }

const noFollower = "Item 'rs_kept' of type 'reasoning' was provided without its required following item."

test.each([
  ['a thought at the end', [user, thought], noFollower],
  ['a thought before a user', [user, thought, user], noFollower],
  ['a thought before a result', [user, call, thought, result], noFollower],
  ['the name of a thought at the end', [user, reference], noFollower],
  ['the name of a thought at the end, untyped', [user, { id: 'rs_kept' }], noFollower],
  [
    'a call without its thought',
    [user, call, result],
    "Item 'fc_kept_0' of type 'function_call' was provided without its required 'reasoning' item: 'rs_kept'.",
  ],
  [
    'words without their thought',
    [user, said, user],
    "Item 'msg_kept' of type 'message' was provided without its required 'reasoning' item: 'rs_kept'.",
  ],
])('%s is refused', (_, input, message) => {
  expect(ask(input)).toMatchObject({ error: { status: 400, param: 'input', message } })
})

test.each([
  ['a call with its thought', [user, thought, call, result]],
  ['a call with the name of its thought', [user, reference, call, result]],
  ['a call with the name of its thought, untyped', [user, { id: 'rs_kept' }, call, result]],
  ['words with their thought', [user, thought, said, user]],
  ['words with two thoughts', [user, { ...thought, id: 'rs_other' }, thought, said, user]],
  ['a call that came without a thought', [user, { ...call, id: 'fc_other_0' }, result]],
  ['a call without a name', [user, { ...call, id: undefined }, result]],
])('%s is taken', (_, input) => {
  expect(ask(input)).toHaveProperty('request')
})

test('what goes on from a response need not tell its thought', () => {
  expect(ask([call, result], { previous_response_id: 'resp_kept' })).toHaveProperty('request')
})

test('whoever keeps nothing sends thoughts encrypted: their names are not found', () => {
  const input = [user, { ...thought, id: 'rs_gone' }, { ...said, id: 'msg_gone' }, user]
  const message = expect.stringContaining(
    "Item with id 'rs_gone' not found. Items are not persisted",
  ) as unknown
  expect(ask(input, { store: false })).toMatchObject({ error: { status: 404, message } })
  expect(ask(input)).toHaveProperty('request')
  const encrypted = [user, { ...input[1], encrypted_content: 'x' }, input[2]!, user]
  expect(ask(encrypted, { store: false })).toHaveProperty('request')
})

test.each([
  ['user', 'text', 'input[0].content[0].type', "'input_text', 'input_image'"],
  ['user', 'image_url', 'input[0].content[0].type', "and 'encrypted_content'."],
  ['assistant', 'input_text', 'input[0].content[0]', "are: 'output_text' and 'refusal'."],
])('a part of a %s that is %s is refused', (role, type, param, words) => {
  const message = expect.stringMatching(new RegExp(`^Invalid value: '${type}'.*${words}`)) as unknown
  const code = 'invalid_value'
  expect(ask([{ role, content: [{ type, text: 'x' }] }])).toMatchObject({ error: { param, code, message } })
})

test.each([
  ['messages', [user], null, 'input'],
  ['response_format', { type: 'text' }, 'response_format', 'text.format'],
  ['reasoning_effort', 'low', 'reasoning_effort', 'reasoning.effort'],
  ['max_completion_tokens', 50, 'max_completion_tokens', 'max_output_tokens'],
])('%s of Chat Completions has moved', (name, value, param, to) => {
  const message = expect.stringContaining(
    `In the Responses API, this parameter has moved to '${to}'.`,
  ) as unknown
  const code = 'unsupported_parameter'
  expect(ask([user], { [name]: value })).toMatchObject({ error: { param, code, message } })
})

test('a parameter of Chat Completions that is null is not said', () => {
  expect(ask([user], { response_format: null })).toHaveProperty('request')
})

test.each([
  ['a thought by its name', [user, { ...thought, id: 'rs_gone' }, said], { store: false }],
  ['a thought at the end', [user, thought], {}],
  [
    'a user’s part of an assistant',
    [{ role: 'assistant', content: [{ type: 'input_text', text: 'x' }] }],
    {},
  ],
  ['a parameter of Chat Completions', [user], { reasoning_effort: 'low' }],
])('models of others are asked with any items: %s', (_, input, more) => {
  for (const model of ['gpt-oss-120b', 'llama-4'])
    expect(ask(input, { model, ...more })).toHaveProperty('request')
})

test('a router is told items of another API, and thoughts that were cut', () => {
  const parts = [{ type: 'text', text: 'hello' }]
  const input = [{ role: 'user', content: parts }, thought]
  expect(ask(input)).toHaveProperty('error')
  expect(ask(input, { model: 'openai/gpt-5' })).toHaveProperty('request')
})
