import type { z } from 'zod'
import type { fileSchema } from './file-schema.ts'
import { formatProblems } from './format-problems.ts'
import { parseWorkload, type ParseOptions } from './parse-workload.ts'
import type { Workload } from './workload.ts'

/** A workload in the words of the file, as an object: `{ users: { think: 'exponential(mean 30s)' }, ... }`. */
export type WorkloadDefinition = z.input<ReturnType<typeof fileSchema>>

// Not by class: a file may have found another copy of this package.
const mark = Symbol.for('plimsoll.definition')

/** What was handed to `defineWorkload`, in the workload that came of it or in the error that it threw. */
export function definitionIn(value: unknown): WorkloadDefinition | undefined {
  if (typeof value !== 'object' || value === null || !(mark in value)) return undefined
  return value[mark] as WorkloadDefinition
}

function carrying<T extends object>(value: T, definition: WorkloadDefinition): T {
  return Object.defineProperty(value, mark, { value: definition })
}

/**
 * A workload written in TypeScript instead of YAML, checked in the same way. Throws an error whose message lists
 * every mistake with its place. A file whose default export it is stands for a workload file on the command line.
 */
export function defineWorkload(
  definition: WorkloadDefinition,
  options: Omit<ParseOptions, 'file'> = {},
): Workload {
  // JSON is YAML: one reader, one set of messages.
  const { workload, problems } = parseWorkload(JSON.stringify(definition) ?? '', options)
  if (!workload) {
    // An object has paths, no lines.
    const messages = problems.map(({ severity, code, message, hint, path }) => ({
      severity,
      code,
      message,
      path,
      ...(hint === undefined ? {} : { hint }),
    }))
    throw carrying(new Error(formatProblems(messages, 'defineWorkload')), definition)
  }
  return carrying(workload, definition)
}
