// What Anthropic's own clients never do, and those who speak HTTP themselves may.
import { expect, test } from 'vitest'
import { startWorld } from './sdk-world.ts'

const model = 'claude-sonnet-5'
const messages = [{ role: 'user', content: 'Where is my order 1001?' }]
const max_tokens = 100

test('a request says the version of the API', async () => {
  const { url } = await startWorld({ model })
  const refused = async (path: string, version?: string) => {
    const headers = version === undefined ? {} : { 'anthropic-version': version }
    const body = JSON.stringify({ model, messages, max_tokens })
    const answer = await fetch(url + path, { method: 'POST', headers, body })
    const { error } = (await answer.json()) as { error?: { type: string; message: string } }
    return [answer.status, error?.message]
  }
  for (const path of ['/v1/messages', '/v1/messages/count_tokens']) {
    expect(await refused(path)).toEqual([400, 'anthropic-version: header is required'])
    const twice = '2023-06-01, 2023-06-01'
    expect(await refused(path, twice)).toEqual([400, `anthropic-version: "${twice}" is not a valid version`])
    expect(await refused(path, '2023-06-01')).toEqual([200, undefined])
  }
})

test('paths and methods that are none are told in the shape of the client that asks', async () => {
  const { url } = await startWorld({ model })
  const ask = async (path: string, headers = {}) => {
    const answer = await fetch(url + path, { headers })
    const told = (await answer.json()) as { error: { type: string }; request_id?: string }
    // An error has an id, in a header and, of this API, in its body.
    const id = answer.headers.get(told.request_id === undefined ? 'x-request-id' : 'request-id')
    expect(id).toMatch(/^req_./)
    expect(told.request_id ?? id).toBe(id)
    return [answer.status, told.error.type]
  }
  const version = { 'anthropic-version': '2023-06-01' }
  expect(await ask('/v1/complete', version)).toEqual([404, 'not_found_error'])
  expect(await ask('/v1/messages')).toEqual([405, 'invalid_request_error'])
  expect(await ask('/v1/complete')).toEqual([404, 'invalid_request_error'])
})
