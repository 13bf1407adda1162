import { bedrock, bedrockMantle } from './quotas/amazon.ts'
import { azurePtu, azureStandard } from './quotas/azure.ts'
import { gemini, vertexGsu } from './quotas/google.ts'
import { databricks, groq, vllm } from './quotas/hosts.ts'
import { anthropic, openai } from './quotas/labs.ts'
import type { QuotaKey, QuotaModel, QuotaNumbers, QuotaPreset } from './quotas/quota-preset.ts'

export type { QuotaKey, QuotaModel, QuotaNumbers, QuotaPreset }

/** What `quota: { like: ... }` may name. */
export const quotaPresets = {
  'azure-ptu': azurePtu,
  'azure-standard': azureStandard,
  'vertex-gsu': vertexGsu,
  bedrock,
  'bedrock-mantle': bedrockMantle,
  openai,
  'anthropic-start': anthropic(1000, 2e6, 400e3),
  'anthropic-scale': anthropic(10_000, 10e6, 2e6),
  gemini,
  groq,
  databricks,
  vllm,
} as const satisfies Readonly<Record<string, QuotaPreset>>

export type QuotaPresetName = keyof typeof quotaPresets

export const quotaPresetNames = Object.keys(quotaPresets) as [QuotaPresetName, ...QuotaPresetName[]]

/** What is written, with what is published and what had to be assumed filled in. */
export function filledNumbers(
  name: QuotaPresetName,
  written: QuotaNumbers,
  model: QuotaModel,
): { numbers: QuotaNumbers; published: readonly QuotaKey[]; guessed: readonly QuotaKey[] } {
  const preset: QuotaPreset = quotaPresets[name]
  const numbers: Record<string, unknown> = { ...written }
  const fill = (values: QuotaNumbers | undefined): QuotaKey[] =>
    (Object.entries(values ?? {}) as [QuotaKey, unknown][]).flatMap(([key, value]) => {
      if (numbers[key] !== undefined) return []
      numbers[key] = value
      return [key]
    })
  const published = fill(preset.published?.(written, model))
  const guessed = fill(preset.guessed?.(numbers, model))
  return { numbers, published, guessed }
}
