import type { Workload } from './workload.ts'

/** Throws a `TypeError` for what is no workload, such as the object that is handed to `defineWorkload`: `by` was given it. */
export function requireWorkload(by: string, workload: Workload): void {
  // In an untyped program it may be anything.
  const { scenarios, origins } = Object(workload) as Partial<Workload>
  if (Array.isArray(scenarios) && origins instanceof Map) return
  throw new TypeError(
    `${by}: this is no workload: defineWorkload({ ... }) makes one of an object, parseWorkload(text).workload of a file’s text`,
  )
}
