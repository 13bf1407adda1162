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

interface PlayedAnswer {
  readonly answer: ModelAnswer
  /** Tokens that it takes to generate and that are billed. */
  readonly tokens: number
  readonly thinkingTokens: number
}

/** What the model says to a request that may ask for several answers. */
export interface PlayedChoices {
  readonly answer: ModelAnswer
  /** They call the same tools as the first, and say other words. */
  readonly others: readonly ModelAnswer[]
  /** Of the longest: they are made beside each other. */
  readonly tokens: number
  /** Of all of them: those are billed. */
  readonly allTokens: number
  readonly thinkingTokens: number
}

/** As many answers as the request asks for, each of the tokens that are drawn. */
export function playChoices(
  epoch: Epoch,
  at: LoopPosition,
  step: Exclude<NextStep, { kind: 'refuse' }>,
  request: ModelRequest,
  tokenizer: Tokenizer,
): PlayedChoices {
  const play = (choice: number): PlayedAnswer => playAnswer({ epoch, at, choice }, step, request, tokenizer)
  const first = play(0)
  const others = Array.from({ length: (request.choices ?? 1) - 1 }, (_, index) => play(index + 1))
  const played = { ...first, allTokens: first.tokens, others: others.map(({ answer }) => answer) }
  for (const { tokens, thinkingTokens } of others) {
    played.tokens = Math.max(played.tokens, tokens)
    played.allTokens += tokens
    played.thinkingTokens += thinkingTokens
  }
  return played
}

/** Of the drawn tokens, where the request has the model think: what is billed stays what the workload says. */
const thinkingShare = 0.25

/**
 * What the model says. Its tokens are drawn, and text has as many of them. JSON that is shorter is made longer, since
 * what an agent sends back of it is input of the next call; what cannot be as short counts what it has.
 */
function playAnswer(
  { epoch, at, choice }: { readonly epoch: Epoch; readonly at: LoopPosition; readonly choice: number },
  step: Exclude<NextStep, { kind: 'refuse' }>,
  request: ModelRequest,
  tokenizer: Tokenizer,
): PlayedAnswer {
  const { draws, lane } = loopOf(epoch, at)
  const most = Math.floor(mostTokens / (request.choices ?? 1))
  const drawn = Math.min(most, draws.tokens(at.session, lane, at.step))
  const tokens = Math.min(drawn, request.maxTokens ?? Infinity)
  const ofCall = mix(at.session ^ mix(lane ^ mix(at.step)))
  const seed = choice === 0 ? ofCall : mix(ofCall ^ choice)
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
