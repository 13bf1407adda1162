import { mix } from '../sessions/uniform.ts'
import type { PromptCacheRule } from '../workload/workload.ts'
import type { CountTable } from './count-table.ts'
import type { Prompt } from '../wire/model-request.ts'
import type { Tokenizer } from './tokens/tokenizer.ts'

/** What a model has read before, by the beginnings of requests: tools first, then messages, as models read them. */
export class PromptCache {
  readonly #rule: PromptCacheRule
  readonly #tokenizer: Tokenizer
  readonly #name: string
  /** Until when a beginning is kept, workload time. */
  readonly #keptUntilMs: CountTable

  constructor(rule: PromptCacheRule, tokenizer: Tokenizer, name: string, keptUntilMs: CountTable) {
    this.#rule = rule
    this.#tokenizer = tokenizer
    this.#name = name
    this.#keptUntilMs = keptUntilMs
  }

  /** Tokens at the beginning of a prompt that were read before and are kept still. */
  cachedTokens(prompt: Prompt, nowMs: number): number {
    const names = this.#beginnings(prompt)
    const isKept = (name: string): boolean => nowMs <= (this.#keptUntilMs.get(name) ?? -Infinity)
    const missed = this.#keptUntilMs.atOnce(() => names.findIndex((name) => !isKept(name)))
    return this.#tokensOf(missed < 0 ? names.length : missed)
  }

  /** The model reads it now; returns how many of its tokens are kept from here on, for so long at least. */
  read(prompt: Prompt, nowMs: number, forMs = 0): number {
    const names = this.#beginnings(prompt)
    const untilMs = nowMs + Math.max(this.#rule.keepMs, forMs)
    this.#keptUntilMs.atOnce(() => {
      for (const name of names)
        this.#keptUntilMs.set(name, Math.max(untilMs, this.#keptUntilMs.get(name) ?? 0))
    })
    return this.#tokensOf(names.length)
  }

  #tokensOf(steps: number): number {
    const { leastTokens, stepTokens } = this.#rule
    const tokens = steps * stepTokens
    return tokens < leastTokens ? 0 : tokens
  }

  /** Names of its beginnings, each a step longer than the one before. */
  #beginnings(prompt: Prompt): string[] {
    const stepUnits = this.#rule.stepTokens * this.#tokenizer.unitsPerToken
    const names: string[] = []
    let high = 0
    let low = 0x9e3779b9
    let units = 0
    for (const piece of this.#tokenizer.read(prompt))
      for (let i = 0; i < piece.length; i++) {
        const unit = typeof piece === 'string' ? piece.charCodeAt(i) : piece[i]!
        high = mix(high ^ unit)
        low = mix(low ^ unit)
        if (++units % stepUnits === 0) names.push(`${this.#name} ${high} ${low}`)
      }
    return names
  }
}
