import type { RealClock } from '../clock/edge/real-clock.ts'
import { monotonicMs } from '../clock/now.ts'
import { Timer } from '../clock/timer-wheel.ts'
import type { AnswerStream } from '../wire/model-answer.ts'
import type { CallOutput } from './call-output.ts'

/** Says no more than `atTokens` for a while; what came meanwhile is told then, all at once. */
export function heldOutput(
  output: CallOutput,
  {
    clock,
    atTokens,
    forMs,
  }: { readonly clock: RealClock; readonly atTokens: number; readonly forMs: number },
): CallOutput {
  let made = 0
  let state: 'before' | 'held' | 'after' = 'before'
  const release = new Timer(() => {
    state = 'after'
    output.write(made)
  })
  return {
    ...asBefore(output),
    write(tokens) {
      made = tokens
      if (state === 'before' && tokens > atTokens) {
        state = 'held'
        if (atTokens > 0) output.write(atTokens)
        if (forMs < Infinity) clock.set(release, monotonicMs() + forMs)
      } else if (state !== 'held') output.write(tokens)
    },
  }
}

/** Breaks the connection after so many tokens; `cut` is told just before. */
export function cutOutput(output: CallOutput, atTokens: number, cut: () => void): CallOutput {
  let isCut = false
  return {
    ...asBefore(output),
    write(tokens) {
      if (isCut) return
      if (tokens < atTokens) {
        output.write(tokens)
        return
      }
      isCut = true
      cut()
      output.breakOff(atTokens)
    },
  }
}

/** All of an output but its writing. */
const asBefore = (output: CallOutput): Omit<CallOutput, 'write'> => ({
  nextPiece: (told) => output.nextPiece(told),
  breakOff: (tokens) => output.breakOff(tokens),
  fail: (message) => output.fail(message),
})

/** JSON that is none any more, of the same length. */
export const garbled = (json: string): string => json.replaceAll('}', ' ')

/** One of its pieces, after a share of the answer, cannot be read. */
export function malformedStream(stream: AnswerStream, after: number): AnswerStream {
  let isDone = false
  const spoil = (text: string): string => {
    if (text === '') return text
    isDone = true
    return garbled(text)
  }
  return {
    ...(stream.encoding ? { encoding: stream.encoding } : {}),
    opening: () => stream.opening(),
    piece(to) {
      const text = stream.piece(to)
      return isDone || to < after ? text : spoil(text)
    },
    closing() {
      const text = stream.closing()
      return isDone ? text : spoil(text)
    },
    failure: (message) => stream.failure(message),
  }
}
