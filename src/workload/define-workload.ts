import type { z } from 'zod'
import type { fileSchema } from './file-schema.ts'
import { formatProblems } from './format-problems.ts'
import { parseWorkload, type ParseOptions } from './parse-workload.ts'
import type { Workload } from './workload.ts'

/** A workload in the words of the file, as an object: `{ users: { think: 'exponential(mean 30s)' }, ... }`. */
export type WorkloadDefinition = z.input<ReturnType<typeof fileSchema>>

/**
 * A workload written in TypeScript instead of YAML, checked in the same way. Throws an error whose message lists
 * every mistake with its place.
 */
export function defineWorkload(
  definition: WorkloadDefinition,
  options: Omit<ParseOptions, 'file'> = {},
): Workload {
  // JSON is YAML: one reader, one set of messages.
  const { workload, problems } = parseWorkload(JSON.stringify(definition), options)
  if (!workload) {
    // An object has paths, no lines.
    const messages = problems.map(({ severity, code, message, hint, path }) => ({
      severity,
      code,
      message,
      path,
      ...(hint === undefined ? {} : { hint }),
    }))
    throw new Error(formatProblems(messages, 'defineWorkload'))
  }
  return workload
}
