import type { Model } from '../workload/workload.ts'

/** What the tokens of each model are counted with: `gpt-4.1-mini by o200k_base; claude-sonnet-5 estimated, four characters each`. */
export function tokenWords(models: readonly Model[]): string {
  const tokenizers = [...new Set(models.map(({ tokenizer }) => tokenizer))]
  return tokenizers
    .map((name) => {
      const ids = [...new Set(models.filter(({ tokenizer }) => tokenizer === name).map(({ id }) => id))]
      const how = name === 'characters' ? 'estimated, four characters each' : `by ${name}`
      return `${ids.join(', ')} ${how}`
    })
    .join('; ')
}
