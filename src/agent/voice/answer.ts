import type { Dependency } from '../dependency.ts'
import { type TurnFailure, TurnError } from '../messages.ts'
import type { Session } from '../session-store.ts'
import type { Turns } from '../turns.ts'
import type { Line } from './line.ts'
import { Sentences } from './sentences.ts'
import type { Speak } from './speak.ts'

export interface AnswerSurroundings {
  readonly turns: Turns
  readonly speak: Speak
  readonly tts: Dependency
  /** Sentence by sentence as the model writes it, or when it is whole. */
  readonly sentences: boolean
}

/**
 * Answers a caller: the model's text through the agent's turns, spoken as it comes. Resolves when all of it has been
 * sent; throws `TurnError` or `DependencyFailure` where it broke off, or the signal's reason.
 */
export async function answer(
  around: AnswerSurroundings,
  session: Session,
  text: string,
  line: Pick<Line, 'play'>,
  signal: AbortSignal,
): Promise<void> {
  const broken = new AbortController()
  const either = AbortSignal.any([signal, broken.signal])
  let spoken: Promise<void> = Promise.resolve()
  const say = (sentence: string): void => {
    spoken = spoken.then(() => speakOne(around, sentence, line, either))
    // Told where the chain is awaited; the model need not write what cannot be spoken.
    spoken.catch((error: unknown) => broken.abort(error))
  }
  const failure = await written(around, session, text, say, either)
  await spoken
  signal.throwIfAborted()
  if (failure) throw new TurnError(failure)
}

/** The model's answer, handed on sentence by sentence; resolves with why it failed, where it did. */
function written(
  { turns, sentences }: AnswerSurroundings,
  session: Session,
  text: string,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<TurnFailure | undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(undefined)
    const cut = new Sentences()
    const giveUp = turns.ask(
      session,
      { content: text, traceparent: undefined, stream: true },
      {
        text(piece) {
          const complete = cut.push(piece)
          if (sentences) complete.forEach(say)
        },
        answered({ content }) {
          for (const sentence of sentences ? cut.end() : [content]) say(sentence)
          resolve(undefined)
        },
        failed: resolve,
      },
    )
    signal.addEventListener('abort', () => {
      giveUp()
      resolve(undefined)
    })
  })
}

async function speakOne(
  { speak, tts }: AnswerSurroundings,
  sentence: string,
  line: Pick<Line, 'play'>,
  signal: AbortSignal,
): Promise<void> {
  if (sentence.trim() === '') return
  const pieces = await tts.run((cut) => speak(sentence, AbortSignal.any([cut, signal])), signal)
  for await (const piece of pieces) {
    signal.throwIfAborted()
    line.play(piece)
  }
}
