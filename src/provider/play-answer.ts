import { mix } from '../sessions/uniform.ts'
import type { ModelAnswer } from '../wire/model-answer.ts'
import type { ModelRequest, ResponseFormat } from '../wire/model-request.ts'
import { mostTokens, plainText } from './answer-text.ts'
import type { Epoch } from './epoch.ts'
import { loopOf, type LoopPosition } from './loop.ts'
import type { NextStep } from './next-step.ts'
import { cutAnswer, type SizedAnswer, stoppedAnswer, textAnswer } from './sized-answer.ts'
import { jsonAnswer, sizedCalls } from './sized-json.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

export interface PlayedAnswer {
  readonly answer: ModelAnswer
  /** Tokens that it takes to generate and that are billed. */
  readonly tokens: number
  readonly thinkingTokens: number
}

/** Of the drawn tokens, where the request has the model think: what is billed stays what the workload says. */
const thinkingShare = 0.25

/**
 * What the model says. Its tokens are drawn, and text has as many of them. JSON that is shorter is made longer, since
 * what an agent sends back of it is input of the next call; what cannot be as short counts what it has.
 */
export function playAnswer(
  epoch: Epoch,
  at: LoopPosition,
  step: Exclude<NextStep, { kind: 'refuse' }>,
  request: ModelRequest,
  tokenizer: Tokenizer,
): PlayedAnswer {
  const { draws, lane } = loopOf(epoch, at)
  const drawn = Math.min(mostTokens, draws.tokens(at.session, lane, at.step))
  const tokens = Math.min(drawn, request.maxTokens ?? Infinity)
  const seed = mix(at.session ^ mix(lane ^ mix(at.step)))
  const { thinking: asked, format } = request
  const thinkingTokens = asked ? Math.min(Math.floor(tokens * thinkingShare), asked.budgetTokens) : 0
  const thinking = asked?.isShown ? plainText(thinkingTokens, mix(seed)) : ''
  const thought = asked && !asked.isSilent ? { thinking } : {}
  const saidTokens = tokens - thinkingTokens
  if (step.kind === 'call') {
    const said = sizedCalls(tokenizer, step.calls, saidTokens)
    // Arguments are not cut: half of them would be none.
    const counted = Math.min(thinkingTokens + said.tokens, request.maxTokens ?? Infinity)
    const answer: ModelAnswer = { ...thought, text: '', toolCalls: said.calls, finish: 'tool_calls' }
    return { answer, tokens: counted, thinkingTokens }
  }
  const room = (request.maxTokens ?? Infinity) - thinkingTokens
  const whole = saidIn(format, tokenizer, { tokens: drawn - thinkingTokens, room, seed })
  const said = request.stops ? stoppedAnswer(tokenizer, whole, request.stops) : whole
  const { text, isCut, stoppedBy } = said
  const answer: ModelAnswer = {
    ...thought,
    text,
    toolCalls: [],
    finish: isCut ? 'length' : 'stop',
    ...(stoppedBy === undefined ? {} : { stoppedBy }),
  }
  return { answer, tokens: thinkingTokens + said.tokens, thinkingTokens }
}

function saidIn(
  format: ResponseFormat,
  tokenizer: Tokenizer,
  { tokens, room, seed }: { readonly tokens: number; readonly room: number; readonly seed: number },
): SizedAnswer {
  if (format.kind === 'text') return textAnswer(tokenizer, tokens, room, seed)
  if (format.kind !== 'enum') return cutAnswer(tokenizer, jsonAnswer(tokenizer, format, tokens, seed), room)
  const text = format.values[mix(seed) % format.values.length]!
  return cutAnswer(tokenizer, { text, tokens: tokenizer.count(text) }, room)
}
