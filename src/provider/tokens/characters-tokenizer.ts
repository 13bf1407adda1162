import { type Prompt, promptCharacters } from '../../wire/model-request.ts'
import { charactersPerToken, tokensOfCharacters } from '../../workload/tokenizer.ts'
import type { Tokenizer } from './tokenizer.ts'

/** An estimate, and named so: English prose has four to five characters a token, and code and other languages fewer. */
export const charactersTokenizer: Tokenizer = {
  knowsOurWords: true,
  count: (text) => tokensOfCharacters(text.length),
  remember: () => undefined,
  split: (text) => text.match(/[^]{1,4}/gu) ?? [],
  prefix: (text, tokens) => text.slice(0, tokens * charactersPerToken),
  countPrompt: ({ characters }) => tokensOfCharacters(characters),
  countMessages: (messages) => tokensOfCharacters(promptCharacters(messages, '')),
  read,
  unitsPerToken: charactersPerToken,
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
