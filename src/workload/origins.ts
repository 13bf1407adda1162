import type { z } from 'zod'
import { filledKeys } from './check-quota.ts'
import { valueAt } from './explain.ts'
import { understood } from './mistake.ts'
import { didYouMean } from './nearest.ts'
import { pathOf } from './overrides.ts'
import { phoneVendorPaths } from './check-phone.ts'
import { modelPreset } from './presets.ts'
import { type Path, pathText, type PlacedProblem } from './problem.ts'
import { isSectionAt } from './schema-keys.ts'
import { modelPaths } from './sections.ts'
import { voiceLimit } from './voice-limits.ts'
import type { Origin, Price } from './workload.ts'

/** Keys whose values are names, texts, choices or what only the provider plays: no inputs that an answer could hang on. */
const notInputs = new Set([
  'name',
  'say',
  'tools',
  'like',
  'id',
  'tokenizer',
  'context',
  'model',
  'expect',
  'arguments',
  'of',
  'then',
  'windows',
  'overLimit',
  'afterAbandon',
  'over',
  'at',
  'fallback',
  'admission',
])
export const inputSections = ['users', 'scenarios', 'agent', 'model', 'models', 'tools', 'phone', 'backlog']

/**
 * Where each input of the file comes from, by its path with scenarios by name (`scenarios.faq.depth`): as listed
 * under `origins`, otherwise given; and what a preset fills. What was `overridden` need not be there any more.
 */
export function originsOf(
  schema: z.core.$ZodType,
  root: unknown,
  price?: (like: string) => Price | undefined,
  overridden: readonly string[] = [],
): { origins: ReadonlyMap<string, Origin>; problems: PlacedProblem[] } {
  const inputs = inputsOf(schema, root)
  const problems: PlacedProblem[] = []
  const origins = new Map<string, Origin>(inputs.map((path) => [namedPath(root, path), 'given']))
  for (const origin of ['guessed', 'measured'] as const) {
    const listed = valueAt(root, ['origins', origin])
    for (const [i, text] of (Array.isArray(listed) ? (listed as unknown[]) : []).entries()) {
      if (typeof text !== 'string') continue
      const covered = inputsUnder(root, inputs, text)
      for (const path of covered) origins.set(namedPath(root, path), origin)
      if (covered.length === 0 && !overridden.some((path) => isAtOrBelow(text, path)))
        problems.push({
          code: 'unknown_name',
          message: `origins.${origin}[${i}]: the file writes nothing at ${text}`,
          hint: didYouMean(
            text,
            inputs.map((path) => namedPath(root, path)).filter((path) => path !== ''),
          ),
          path: ['origins', origin, i],
        })
    }
  }
  for (const path of [...presetPaths(root, price), ...phonePresetPaths(root)]) origins.set(path, 'preset')
  for (const [path, origin] of quotaOrigins(root)) origins.set(path, origin)
  return { origins, problems }
}

/** What stood there may be gone with what was written in its place. */
const isAtOrBelow = (text: string, path: string): boolean =>
  text === path || text.startsWith(`${path}.`) || text.startsWith(`${path}[`)

function inputsOf(schema: z.core.$ZodType, root: unknown): Path[] {
  const found: Path[] = []
  const visit = (path: Path): void => {
    const value = valueAt(root, path)
    const isContainer = typeof value === 'object' && value !== null && isSectionAt(schema, path)
    if (!isContainer) {
      if (value !== undefined && path.length > 1) found.push(path)
      return
    }
    for (const key of Array.isArray(value) ? value.keys() : Object.keys(value))
      // `tools` of a scenario is a list of names; the section `tools` holds inputs.
      if (path.length === 1 || typeof key === 'number' || !notInputs.has(key)) visit([...path, key])
  }
  for (const section of inputSections) if (valueAt(root, [section]) !== undefined) visit([section])
  return found.filter((path) => !notInputs.has(String(path.at(-1))))
}

function inputsUnder(root: unknown, inputs: readonly Path[], text: string): Path[] {
  const prefix = understood(() => pathOf(root, text))
  return prefix ? inputs.filter((path) => prefix.every((part, i) => path[i] === part)) : []
}

/** The path with scenarios by name, as `--set` takes it. */
export function namedPath(root: unknown, path: Path): string {
  if (path[0] !== 'scenarios' || typeof path[1] !== 'number') return pathText(path)
  const name = valueAt(root, ['scenarios', path[1], 'name'])
  if (typeof name !== 'string') return pathText(path)
  return ['scenarios', name, ...path.slice(2)].join('.')
}

/** What the preset of a quota fills in. */
function quotaOrigins(root: unknown): [path: string, origin: Origin][] {
  return modelPaths(root).flatMap((path) => {
    const model = valueAt(root, path)
    if (typeof model !== 'object' || model === null) return []
    const { published, guessed } = filledKeys(model as Readonly<Record<string, unknown>>, path.at(-1)!)
    const at = (key: string): string => pathText([...path, 'quota', key])
    return [
      ...published.map((key): [string, Origin] => [at(key), 'preset']),
      ...guessed.map((key): [string, Origin] => [at(key), 'guessed']),
    ]
  })
}

/** What a vendor's default limits fill in. */
function phonePresetPaths(root: unknown): string[] {
  return phoneVendorPaths.flatMap((path) => {
    const like = valueAt(root, [...path, 'like'])
    const limit = typeof like === 'string' ? voiceLimit(path.at(-1)!, like) : undefined
    const filled = [
      ...(limit?.channels === undefined ? [] : ['concurrent']),
      ...(limit?.starts ? ['callsPerSecond'] : []),
    ]
    return filled
      .filter((key) => valueAt(root, [...path, key]) === undefined)
      .map((key) => pathText([...path, key]))
  })
}

function presetPaths(root: unknown, price?: (like: string) => Price | undefined): string[] {
  return modelPaths(root).flatMap((path) => {
    const like = valueAt(root, [...path, 'like'])
    if (typeof like !== 'string') return []
    const unwritten = (key: string): boolean => valueAt(root, [...path, key]) === undefined
    const filled: string[] = []
    if (modelPreset(like)?.tokensPerSecond !== undefined && unwritten('perToken') && unwritten('engine'))
      filled.push(pathText([...path, 'perToken']))
    if (price?.(like) && unwritten('price')) filled.push(pathText([...path, 'price']))
    return filled
  })
}
