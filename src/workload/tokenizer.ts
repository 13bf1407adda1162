/** What counts the tokens of a model: its own published encoding, or an estimate by characters where it has none. */
export type TokenizerName = (typeof tokenizerNames)[number]

export const tokenizerNames = ['o200k_base', 'o200k_harmony', 'cl100k_base', 'characters'] as const

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
