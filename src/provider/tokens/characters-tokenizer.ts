import { type Prompt, promptCharacters } from '../../wire/model-request.ts'
import type { Tokenizer } from './tokenizer.ts'

/** Characters that count as one token, in and out, where a model has no published encoding. */
export const charactersPerToken = 4

/** An estimate, and named so: English prose has four to five characters a token, and code and other languages fewer. */
export const charactersTokenizer: Tokenizer = {
  knowsOurWords: true,
  count: tokensOf,
  remember: () => undefined,
  prefix: (text, tokens) => text.slice(0, tokens * charactersPerToken),
  countPrompt: ({ characters }) => Math.ceil(characters / charactersPerToken),
  countMessages: (messages) => Math.ceil(promptCharacters(messages, '') / charactersPerToken),
  read,
  unitsPerToken: charactersPerToken,
}

/** Tokens of a text by that rule. */
function tokensOf(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}

function* read({ messages, declared }: Prompt): Generator<string | ArrayLike<number>> {
  yield declared
  for (const { text, called = [], thought = '', characters } of messages) {
    yield text
    let kept = text.length + thought.length
    for (const call of called) {
      yield call.name
      yield call.arguments
      kept += call.name.length + call.arguments.length
    }
    yield thought
    // Of what lies far back in a conversation that goes on by name, the length alone is kept.
    if (kept < characters) yield new Uint8Array(characters - kept)
  }
}
