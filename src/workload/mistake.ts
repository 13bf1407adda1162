import type { ProblemCode } from './problem.ts'

/** A mistake in one value of the file, on its way to becoming a `Problem`. */
export class Mistake extends Error {
  readonly code: ProblemCode
  readonly hint: string | undefined

  constructor(code: ProblemCode, message: string, hint?: string) {
    super(message)
    this.code = code
    this.hint = hint
  }
}

/** What `read` makes of a value; undefined where that is a `Mistake`, which the field itself tells. */
export function understood<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof Mistake) return undefined
    throw error
  }
}
