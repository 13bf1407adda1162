import type { IncomingMessage, ServerResponse } from 'node:http'
import { monotonicMs } from '../clock/now.ts'
import type { CallRecord, ErrorKind, Outcome } from '../result/records.ts'
import { type CallKey, unknownSession } from '../sessions/turn-key.ts'
import { charactersPerToken, plainText } from './answer-text.ts'
import type { Epoch, ServedTool } from './epoch.ts'
import type { Face } from './face.ts'
import { header, sendJson } from './http-answer.ts'
import { isJoined, joinToolCall } from './join-call.ts'

/** `POST /tools/<name>`: the tool's latency, capacity and failures, and a result of the size the scenario says. */
export function answerTool(
  face: Face,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  body: string,
  sentAtMs: number,
): void {
  const { epoch, live } = face
  const served = epoch.tools.get(name)
  if (!served) {
    const known = [...epoch.tools.keys()].join(', ') || 'none'
    sendJson(
      response,
      404,
      toolError('unknown_tool', `There is no tool '${name.slice(0, 64)}'; the workload has: ${known}.`),
    )
    return
  }
  if (!isJson(body)) {
    sendJson(response, 400, toolError('invalid_arguments', 'The arguments of a tool have to be JSON.'))
    return
  }
  epoch.tally.calls++
  epoch.tally.inFlight++
  const { call, turn, joinedBy } = joinToolCall(
    header(request, 'x-plimsoll-call-id'),
    header(request, 'traceparent'),
    body,
  )
  const at = call ?? { ...unknownCall(face, body), ...turn }
  const draw = drawTool(epoch, served, at)
  const joined = turn !== undefined && isJoined(epoch, turn)
  const record: CallRecord = {
    kind: 'tool',
    service: served.index,
    session: joined ? at.session : -1,
    turn: joined ? at.turn : -1,
    step: call?.step ?? 0,
    attempt: 0,
    sentAtMs,
    firstTokenAtMs: NaN,
    endedAtMs: NaN,
    inputTokens: 0,
    cachedTokens: 0,
    outputTokens: 0,
    maxTokens: NaN,
    depth: call?.depth ?? 0,
    outcome: 'completed',
    errorKind: 'none',
    status: 0,
    joinedBy: joined ? joinedBy : 'none',
  }
  let over = false
  function end(outcome: Outcome, errorKind: ErrorKind, status: number): void {
    over = true
    forget()
    epoch.tally.inFlight--
    epoch.records.add({ ...record, endedAtMs: monotonicMs(), outcome, errorKind, status })
  }
  const forget = live.add({
    cut(message) {
      if (over) return
      served.station.leave(monotonicMs(), job)
      sendJson(response, 503, toolError('closing', message))
      end('failed', 'cut', 503)
    },
  })
  const job = served.station.arrive(monotonicMs(), draw.workMs, {
    done(atMs) {
      epoch.tally.lateness.add(monotonicMs() - atMs)
      if (draw.fails) sendJson(response, 500, toolError('tool_failed', `The tool '${name}' failed.`))
      else sendJson(response, 200, resultText(draw.resultTokens, draw.seed))
      end(draw.fails ? 'failed' : 'completed', draw.fails ? 'http_5xx' : 'none', draw.fails ? 500 : 200)
    },
  })
  response.once('close', () => {
    if (over) return
    served.station.leave(monotonicMs(), job)
    end('abandoned', 'abandoned', 0)
  })
}

/** Draws of this room: numbers from 32 on are an engine's own. */
const purposes = { latency: 48, failure: 49, resultSize: 50 } as const

function drawTool(epoch: Epoch, { index, tool }: ServedTool, { session, turn, step, index: call }: CallKey) {
  const { sessions, workload } = epoch
  const uniform = (purpose: number): number => sessions.uniform(session, turn, step, call, purpose)
  const { input } = workload.scenarios[sessions.scenario(session)]!
  const resultTokens = Math.max(0, Math.round(input.toolResult.quantile(uniform(purposes.resultSize))))
  const seed = Math.floor(uniform(purposes.resultSize) * 2 ** 31)
  if (sessions.tool(session, turn, step) === index)
    return {
      workMs: sessions.toolMs(session, turn, step, call),
      fails: sessions.toolFails(session, turn, step, call),
      resultTokens,
      seed,
    }
  return {
    workMs: Math.max(0, tool.latency.quantile(uniform(purposes.latency))),
    fails: uniform(purposes.failure) < tool.failure,
    resultTokens,
    seed,
  }
}

/** A call that carries no name of ours gets coordinates that no other has. */
function unknownCall(face: Face, body: string): CallKey {
  const session = unknownSession(face.nextId() + body.slice(0, 1024))
  return { run: 0, session, turn: 0, depth: 0, step: 0, index: face.epoch.tally.calls % 64 }
}

function resultText(tokens: number, seed: number): string {
  const around = JSON.stringify({ result: '' }).length
  return JSON.stringify({ result: plainText(Math.max(2, tokens * charactersPerToken - around), seed) })
}

const toolError = (code: string, message: string): string => JSON.stringify({ error: { code, message } })

function isJson(text: string): boolean {
  if (text === '') return true
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
