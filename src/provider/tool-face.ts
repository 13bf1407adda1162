import type { ServerResponse } from 'node:http'
import { parsedJson } from '../wire/parsed-json.ts'
import { toolCallIdHeader } from '../wire/tool-call-id.ts'
import { jsonType, writeAndBreak, wrongBytes } from './call-output.ts'
import type { Face } from './face.ts'
import { header, sendJson } from './http-answer.ts'
import type { Incoming } from './incoming.ts'
import { playTool, type ToolAnswer, toolError } from './played-tool.ts'

/** `POST /tools/<name>`: the arguments in, the result out. */
export function answerTool(
  face: Face,
  name: string,
  { request, response, sentAtMs }: Incoming,
  body: string,
): void {
  const { tools } = face.epoch
  const served = tools.get(name)
  if (!served) {
    const known = [...tools.keys()].join(', ') || 'none'
    const message = `There is no tool '${name.slice(0, 64)}'; the workload has: ${known}.`
    sendJson(response, 404, toolError('unknown_tool', message))
    return
  }
  if (body !== '' && parsedJson(body) === undefined) {
    sendJson(response, 400, toolError('invalid_arguments', 'The arguments of a tool have to be JSON.'))
    return
  }
  const callId = header(request, toolCallIdHeader)
  const traceparent = header(request, 'traceparent')
  const call = playTool(
    face,
    served,
    { body, callId, traceparent, sentAtMs },
    {
      began: () => {
        response.writeHead(200, jsonType)
        response.flushHeaders()
      },
      answered: (answer) => send(response, answer),
    },
  )
  response.once('close', () => call.leave())
}

function send(response: ServerResponse, { status, text, headers, damage }: ToolAnswer): void {
  if (response.destroyed) return
  if (response.headersSent) response.end(text)
  else if (!damage) sendJson(response, status, text, headers)
  else {
    const bytes = Buffer.byteLength(text) + (damage.name === 'wrongLength' ? wrongBytes : 0)
    response.writeHead(status, { ...headers, ...jsonType, 'content-length': bytes })
    const part = damage.name === 'cut' ? text.slice(0, Math.floor(text.length * damage.place)) : text
    writeAndBreak(response, part)
  }
}
