import { z } from 'zod'
import type { Path } from './problem.ts'

/** The parts of a Zod 4 definition that say where keys are. */
interface Definition {
  readonly type: string
  readonly shape?: Readonly<Record<string, z.core.$ZodType>>
  readonly element?: z.core.$ZodType
  readonly valueType?: z.core.$ZodType
  readonly innerType?: z.core.$ZodType
  readonly options?: readonly z.core.$ZodType[]
  /** Before a transform. */
  readonly in?: z.core.$ZodType
}

const definitionOf = (schema: z.core.$ZodType): Definition => schema._zod.def

/** A schema's section: through `optional` and transforms, and of a choice the one that is a section. */
function sectionOf(schema: z.core.$ZodType): Definition {
  const definition = definitionOf(schema)
  const inside = definition.innerType ?? definition.in
  if (inside) return sectionOf(inside)
  const section = definition.options?.map(sectionOf).find(({ type }) => type === 'object' || type === 'array')
  return section ?? definition
}

/** What stands under a key of a section; every object has keys of its own kind (`valueOf`) that no section has. */
function childOf({ shape, element, valueType }: Definition, key: Path[number]): z.core.$ZodType | undefined {
  if (!shape) return element ?? valueType
  return Object.hasOwn(shape, key) ? shape[key] : undefined
}

/** The definition that stands at `path` of the schema. */
function definitionAt(schema: z.core.$ZodType, path: Path): Definition | undefined {
  let at = sectionOf(schema)
  for (const part of path) {
    const next = childOf(at, part)
    if (!next) return undefined
    at = sectionOf(next)
  }
  return at
}

/** Which kind of value stands at `path`: the id of the field, such as `counts`. */
export function fieldIdAt(schema: z.core.$ZodType, path: Path): string | undefined {
  let at: z.core.$ZodType | undefined = schema
  for (const part of path) {
    at = childOf(sectionOf(at), part)
    if (!at) return undefined
  }
  for (; at; at = definitionOf(at).innerType ?? at._zod.parent) {
    const id = z.globalRegistry.get(at)?.id
    if (id !== undefined) return id
  }
  return undefined
}

/** The keys that the section at `path` may hold. */
export function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  return Object.keys(definitionAt(schema, path)?.shape ?? {})
}

/** Whether the value at `path` holds others: a section, a list of sections, or a map of them. */
export function isSectionAt(schema: z.core.$ZodType, path: Path): boolean {
  const at = definitionAt(schema, path)
  return at?.type === 'object' || at?.type === 'array' || at?.type === 'record'
}

/** The sections that have a key of this name, outermost first: `model`, `scenarios`. */
export function homesOf(schema: z.core.$ZodType, key: string): string[] {
  const homes: string[] = []
  const visit = (at: Definition, name: string): void => {
    if (at.shape && name && Object.hasOwn(at.shape, key)) homes.push(name)
    const inside = at.element ?? at.valueType
    if (inside) visit(sectionOf(inside), name)
    for (const [child, schema] of Object.entries(at.shape ?? {}))
      visit(sectionOf(schema), name ? `${name}.${child}` : child)
  }
  visit(sectionOf(schema), '')
  return homes
}
