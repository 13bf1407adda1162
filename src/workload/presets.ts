/** What is published about a hosted model. Time to first token is not: it is never invented here. */
export interface ModelPreset {
  readonly like: string
  /** Output tokens a second that the provider's own target promises 99 % of calls; absent where none is published. */
  readonly tokensPerSecond?: number
  readonly source: string
}

const azure =
  'Azure, Foundry Models provisioned throughput sizing, latency targets (99 % of calls faster), 21 May 2026'
const none = 'no pace of tokens is published; prices by genai-prices 0.1.8, 23 September 2026'

const azurePace: Readonly<Record<string, number>> = {
  'gpt-5.5': 100,
  'gpt-5.4': 50,
  'gpt-5.3-codex': 50,
  'gpt-5.2': 50,
  'gpt-5.1': 50,
  'gpt-5': 50,
  'gpt-5-mini': 80,
  'gpt-4.1': 80,
  'gpt-4.1-mini': 90,
  'gpt-4.1-nano': 100,
  o3: 80,
  'o4-mini': 90,
  'gpt-4o': 25,
  'gpt-4o-mini': 33,
}

const unpaced = [
  'openai/gpt-5.4-mini',
  'anthropic/claude-opus-5-5',
  'anthropic/claude-sonnet-5',
  'anthropic/claude-haiku-4-5',
  'google/gemini-3.5-flash',
  'google/gemini-2.5-flash',
  'groq/openai/gpt-oss-120b',
]

/** The models that `like` may name. */
export const modelPresets: readonly ModelPreset[] = [
  ...Object.entries(azurePace).map(([id, tokensPerSecond]) => ({
    like: `openai/${id}`,
    tokensPerSecond,
    source: azure,
  })),
  ...unpaced.map((like) => ({ like, source: none })),
]

/** The preset of exactly this name. */
export function modelPreset(like: string): ModelPreset | undefined {
  return modelPresets.find((preset) => preset.like === like)
}

/** What requests say in their model field: the file's `id`, else the end of `like`, else the model's key in the file. */
export function modelId(
  key: string,
  { id, like }: { readonly id?: string | undefined; readonly like?: string | undefined },
): string {
  return id ?? like?.slice(like.indexOf('/') + 1) ?? key
}
