import { didYouMean } from './nearest.ts'
import { filledNumbers, type QuotaKey, type QuotaPreset, quotaPresets } from './quota-presets.ts'
import { modelId } from './presets.ts'
import type { PlacedProblem } from './problem.ts'
import { shown } from './quantity.ts'
import { isSection, type Section } from './sections.ts'

/** What of a model's quota does not belong to the provider it is like, and what that provider needs. */
export function checkQuota(model: Section, path: readonly string[]): PlacedProblem[] {
  const section = model['quota']
  if (!isSection(section)) return []
  const at = [...path, 'quota']
  const name = at.join('.')
  const preset = presetOf(section['like'])
  if (!preset) return section['like'] === undefined ? keysWithoutPreset(section, at) : []
  const { like, ...written } = section
  const problems: PlacedProblem[] = []
  for (const key of Object.keys(written))
    if (allKeys.has(key) && !preset.takes.includes(key as QuotaKey))
      problems.push({
        code: 'unknown_key',
        message: `${name}: ${shown(like)} takes no ${key}`,
        hint: didYouMean(key, preset.takes),
        path: [...at, key],
        atKey: true,
      })
  for (const keys of preset.needs)
    if (keys.every((key) => written[key] === undefined))
      problems.push({
        code: 'missing',
        message: `${name}: ${shown(like)} needs ${keys.join(' or ')}`,
        hint: `it takes ${preset.takes.join(', ')}`,
        path: at,
      })
  if (problems.length === 0 && preset.units && !isUnitKnown(model, path.at(-1)!, section)) {
    const id = idOf(model, path.at(-1)!)
    problems.push({
      code: 'missing',
      message: `${name}.perUnit: what one unit carries is not known for ${shown(id)}`,
      hint: `${didYouMean(id, Object.keys(preset.units))} (the model’s like or id), or give perUnit and outputWeight`,
      path: at,
    })
  }
  return problems
}

const presetOf = (like: unknown): QuotaPreset | undefined =>
  typeof like === 'string' && Object.hasOwn(quotaPresets, like)
    ? quotaPresets[like as keyof typeof quotaPresets]
    : undefined

const allKeys = new Set<string>(Object.values(quotaPresets).flatMap(({ takes }) => takes))

function keysWithoutPreset(section: Section, at: readonly string[]): PlacedProblem[] {
  return Object.keys(section).flatMap((key): PlacedProblem[] => {
    if (!allKeys.has(key) || key === 'rpm' || key === 'tpm') return []
    const homes = Object.entries<QuotaPreset>(quotaPresets).flatMap(([like, { takes }]) =>
      takes.includes(key as QuotaKey) ? [like] : [],
    )
    return [
      {
        code: 'missing',
        message: `${at.join('.')}: ${key} needs like, the provider whose limit it is`,
        hint: `like: ${homes.slice(0, 4).join(' or ')}`,
        path: [...at, key],
        atKey: true,
      },
    ]
  })
}

const idOf = ({ id, like }: Section, key: string): string =>
  modelId(key, { id: textOf(id), like: textOf(like) })

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

function isUnitKnown(model: Section, key: string, section: Section): boolean {
  if (section['perUnit'] !== undefined) return true
  const like = section['like'] as keyof typeof quotaPresets
  const filled = filledNumbers(like, {}, { id: idOf(model, key), outputTokens: 0 })
  return filled.numbers.perUnit !== undefined
}

/** Keys that the preset of a quota fills: with what is published, and with what had to be assumed. */
export function filledKeys(
  model: Section,
  key: string,
): { published: readonly QuotaKey[]; guessed: readonly QuotaKey[] } {
  const section = model['quota']
  const like = isSection(section) ? section['like'] : undefined
  if (!presetOf(like)) return { published: [], guessed: [] }
  const written = Object.fromEntries(
    Object.entries(section as Section).map(([each, value]) => [each, value === undefined ? undefined : 1]),
  )
  return filledNumbers(like as keyof typeof quotaPresets, written, {
    id: idOf(model, key),
    outputTokens: 0,
  })
}
