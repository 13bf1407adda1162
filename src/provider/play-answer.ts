import { mix } from '../sessions/uniform.ts'
import type { ModelAnswer } from '../wire/model-answer.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import { charactersPerToken, paddedJson, plainText } from './answer-text.ts'
import type { Epoch } from './epoch.ts'
import { jsonForSchema } from './json-for-schema.ts'
import { loopOf, type LoopPosition } from './loop.ts'
import type { NextStep } from './next-step.ts'

export interface PlayedAnswer {
  readonly answer: ModelAnswer
  /** Tokens that it takes to generate and that are billed. */
  readonly tokens: number
  readonly thinkingTokens: number
}

/** Of the drawn tokens, where the request has the model think: what is billed stays what the workload says. */
const thinkingShare = 0.25

/**
 * What the model says. Its tokens are drawn; text and arguments are as long as the drawn tokens, since what an agent
 * sends back of them is input of the next call.
 */
export function playAnswer(
  epoch: Epoch,
  at: LoopPosition,
  step: Exclude<NextStep, { kind: 'refuse' }>,
  request: ModelRequest,
): PlayedAnswer {
  const { draws, lane } = loopOf(epoch, at)
  const drawn = draws.tokens(at.session, lane, at.step)
  const tokens = Math.min(drawn, request.maxTokens ?? Infinity)
  const seed = mix(at.session ^ mix(lane ^ mix(at.step)))
  const { thinking: asked } = request
  const thinkingTokens = asked ? Math.min(Math.floor(tokens * thinkingShare), asked.budgetTokens) : 0
  const thought = asked
    ? { thinking: asked.isShown ? plainText(thinkingTokens * charactersPerToken, mix(seed)) : '' }
    : {}
  const saidTokens = tokens - thinkingTokens
  if (step.kind === 'call') {
    const share = Math.floor((saidTokens * charactersPerToken) / step.calls.length)
    const toolCalls = step.calls.map((call) => ({
      ...call,
      arguments: paddedJson(call.arguments, share - call.name.length),
    }))
    return { answer: { ...thought, text: '', toolCalls, finish: 'tool_calls' }, tokens, thinkingTokens }
  }
  const whole = answerText(request, (drawn - thinkingTokens) * charactersPerToken, seed)
  const isCut = drawn > tokens
  const text = isCut ? whole.slice(0, saidTokens * charactersPerToken) : whole
  const answer: ModelAnswer = { ...thought, text, toolCalls: [], finish: isCut ? 'length' : 'stop' }
  return { answer, tokens, thinkingTokens }
}

function answerText({ format }: ModelRequest, characters: number, seed: number): string {
  if (format.kind === 'text') return plainText(characters, seed)
  if (format.kind === 'json') {
    const around = JSON.stringify({ answer: '' }).length
    return JSON.stringify({ answer: plainText(Math.max(1, characters - around), seed) })
  }
  const uniform = (ordinal: number): number => (mix(seed ^ ordinal) + 0.5) / 2 ** 32
  return paddedJson(JSON.stringify(jsonForSchema(format.schema, { uniform })), characters)
}
