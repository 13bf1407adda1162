import { valueAt } from './explain.ts'
import type { Path } from './problem.ts'

/** A map of the file, whatever it holds. */
export type Section = Readonly<Record<string, unknown>>

/** Whether a value is a map, and no list. */
export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The maps of a list; none of what is no list. */
export const sectionsOf = (value: unknown): Section[] => (Array.isArray(value) ? value.filter(isSection) : [])

/** The keys of a map; none of what is no map. */
export const keysOf = (value: unknown): string[] => (isSection(value) ? Object.keys(value) : [])

/** A list as it is, and nothing of anything else: what has another type is told by its field. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** The list at a path of the file. */
export const listAt = (root: unknown, path: Path): readonly unknown[] => list(valueAt(root, path))

/** The names that scenarios may call models by. */
export const modelKeys = (root: unknown): string[] => {
  const keys = keysOf(valueAt(root, ['models']))
  return keys.length > 0 ? keys : ['model']
}

/** Where the file's models stand. */
export const modelPaths = (root: unknown): string[][] => [
  ['model'],
  ...keysOf(valueAt(root, ['models'])).map((key) => ['models', key]),
]
