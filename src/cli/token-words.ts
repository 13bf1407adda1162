import type { Model } from '../workload/workload.ts'

/** What the tokens of each model are counted with: `gpt-4.1-mini by o200k_base; claude-sonnet-5 estimated, four characters each`. */
export function tokenWords(models: readonly Model[]): string {
  const nameOf = ({ tokenizer }: Model): string =>
    typeof tokenizer === 'string' ? tokenizer : tokenizer.file
  return [...new Set(models.map(nameOf))]
    .map((name) => {
      const ids = [...new Set(models.filter((model) => nameOf(model) === name).map(({ id }) => id))]
      const how = name === 'characters' ? 'estimated, four characters each' : `by ${name}`
      return `${ids.join(', ')} ${how}`
    })
    .join('; ')
}
