import { parsedJson } from '../../wire/parsed-json.ts'
import type { UserAnswer, UserRequest } from '../driver.ts'
import type { Reply, ScriptRequest } from './scenario.ts'
import { ScriptMistake } from './script-failure.ts'

/** A script's request as a driver sends it; throws what cannot be sent as it was meant. */
export function requestOf(session: number, path: string, request: ScriptRequest): UserRequest {
  const { method, body, headers = {}, timeoutMs = 1 } = request
  if (typeof path !== 'string' || !/^\/[\u0021-\u007e]*$/.test(path))
    throw new ScriptMistake(
      `agent.request takes a path of the target such as /orders/17, not «${path}» (encodeURIComponent helps)`,
    )
  if (!(timeoutMs > 0)) throw new ScriptMistake(`agent.request: timeoutMs is ${timeoutMs}`)
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const named = Object.keys(headers).map((name) => name.toLowerCase())
  const isJson = text !== undefined && typeof body !== 'string' && !named.includes('content-type')
  return {
    session,
    method: method ?? (text === undefined ? 'GET' : 'POST'),
    path,
    headers: [
      ...(isJson ? ['content-type', 'application/json'] : []),
      ...Object.entries(headers).flatMap(([name, value]) => headerOf(name, value)),
    ],
    ...(text === undefined ? {} : { body: text }),
  }
}

function headerOf(name: string, value: string): [string, string] {
  if (/^[\w!#$%&'*+.^`|~-]+$/.test(name) && /^[\t\u0020-\u007e]*$/.test(value)) return [name, value]
  throw new ScriptMistake(`agent.request: the header «${name}» cannot be sent`)
}

/** What came back, for the script. */
export function readReply(answer: UserAnswer, latencyMs: number): Reply {
  if ('fault' in answer) {
    const { errorKind, message } = answer.fault
    const nothing = { ok: false, status: 0, headers: {}, text: '', json: undefined }
    return { ...nothing, latencyMs, errorKind, ...(message === undefined ? {} : { message }) }
  }
  const { status, headers, text } = answer
  const ok = status >= 200 && status < 300
  return { ok, status, headers, text, json: parsedJson(text), latencyMs, errorKind: 'none' }
}
