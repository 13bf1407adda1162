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
