import { mix } from '../sessions/uniform.ts'
import type { ModelRequest } from '../wire/model-request.ts'
import type { PromptCacheRule } from '../workload/workload.ts'
import { charactersPerToken } from './answer-text.ts'
import type { CountTable } from './count-table.ts'

type Prompt = Pick<ModelRequest, 'messages' | 'tools' | 'characters'>

/** What a model has read before, by the beginnings of requests: tools first, then messages, as models read them. */
export class PromptCache {
  readonly #rule: PromptCacheRule
  readonly #name: string
  /** When a beginning was last read, workload time. */
  readonly #readAtMs: CountTable

  constructor(rule: PromptCacheRule, name: string, readAtMs: CountTable) {
    this.#rule = rule
    this.#name = name
    this.#readAtMs = readAtMs
  }

  /** Tokens at the beginning of a prompt that were read before and are kept still. */
  cachedTokens(prompt: Prompt, nowMs: number): number {
    const { keepMs, leastTokens, stepTokens } = this.#rule
    const names = this.#beginnings(prompt)
    const isKept = (name: string): boolean => nowMs - (this.#readAtMs.get(name) ?? -Infinity) <= keepMs
    const missed = this.#readAtMs.atOnce(() => names.findIndex((name) => !isKept(name)))
    const tokens = (missed < 0 ? names.length : missed) * stepTokens
    return tokens < leastTokens ? 0 : tokens
  }

  /** The model reads it now. */
  read(prompt: Prompt, nowMs: number): void {
    const names = this.#beginnings(prompt)
    this.#readAtMs.atOnce(() => {
      for (const name of names) this.#readAtMs.set(name, nowMs)
    })
  }

  /** Names of its beginnings, each a step longer than the one before. */
  #beginnings(prompt: Prompt): string[] {
    const text = promptText(prompt)
    const stepCharacters = this.#rule.stepTokens * charactersPerToken
    const names: string[] = []
    let high = 0
    let low = 0x9e3779b9
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      high = mix(high ^ code)
      low = mix(low ^ code)
      if ((i + 1) % stepCharacters === 0) names.push(`${this.#name} ${high} ${low}`)
    }
    return names
  }
}

/** As long as what counts as input; of what is not kept as text, such as arguments of calls, the length alone. */
function promptText({ messages, tools, characters }: Prompt): string {
  const declared = characters - messages.reduce((sum, message) => sum + message.characters, 0)
  const parts = messages.map(({ text, characters: length }) => fitted(text, length))
  return [fitted(tools.length === 0 ? '' : JSON.stringify(tools), declared), ...parts].join('')
}

const fitted = (text: string, length: number): string => text.slice(0, length).padEnd(length, '\u0000')
