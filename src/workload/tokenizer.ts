import { Mistake } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import { readFileBeside } from './read-handed.ts'
import type { FilesBeside, Vocabulary } from './target-access.ts'

/** What counts the tokens of a model: a published encoding, a vocabulary of its own, or an estimate by characters. */
export type Tokenizing = TokenizerName | Vocabulary

export type TokenizerName = (typeof tokenizerNames)[number]

export const tokenizerNames = ['o200k_base', 'o200k_harmony', 'cl100k_base', 'characters'] as const

/** Characters that count as one token where a model has no published encoding, and in what is simulated. */
export const charactersPerToken = 4

/** Tokens of so many characters, by that estimate. */
export function tokensOfCharacters(characters: number): number {
  return Math.ceil(characters / charactersPerToken)
}

/** What the file says; a name that ends so is a file beside it. */
export function readTokenizing(text: string, files: FilesBeside | undefined): Tokenizing {
  const name = tokenizerNames.find((each) => each === text)
  if (name) return name
  if (!text.endsWith('.json'))
    throw new Mistake('unknown_name', `${text.slice(0, 60)} is not known`, hintFor(text))
  const vocabulary = files?.vocabulary?.bind(files)
  return readFileBeside(text, vocabulary && (() => vocabulary(text)))
}

function hintFor(text: string): string {
  const hint = didYouMean(text, tokenizerNames)
  return hint.startsWith('did') ? hint : `${hint}, or the tokenizer.json of a model beside this file`
}

/** As OpenAI's own tables of models and beginnings of names say; the first that fits counts. */
const published: readonly (readonly [begins: RegExp, name: TokenizerName])[] = [
  [/^gpt-oss/, 'o200k_harmony'],
  [/^(?:chatgpt-4o|gpt-4o|gpt-4\.[15]|gpt-[5-9]|o\d)(?![a-z])/, 'o200k_base'],
  [/^(?:gpt-realtime|gpt-audio|codex-mini|computer-use-preview)/, 'o200k_base'],
  [/^(?:gpt-4|gpt-3\.5|gpt-35)(?![a-z\d.])/, 'cl100k_base'],
  [/^text-embedding-(?:3-|ada-002)/, 'cl100k_base'],
]

/**
 * The encoding of the model that requests name so, whoever serves it: `gpt-4.1-mini-2025-04-14`, `ft:gpt-4o:...`,
 * `openai/gpt-oss-120b`, `openai.gpt-oss-120b-1:0`.
 */
export function tokenizerOfModel(id: string): TokenizerName {
  const name = id
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^(?:openai\.|ft:)/, '')
  return published.find(([begins]) => begins.test(name))?.[1] ?? 'characters'
}
