/** Exit codes follow k6 where it has one. */
export const exitCodes = {
  ok: 0,
  bug: 1,
  objectiveMissed: 99,
  badInput: 104,
  interrupted: 105,
  scriptThrew: 107,
  generatorInvalid: 109,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A mistake of the user: printed without a stack, with a hint, then the process ends with `exitCode`. */
export class UserError extends Error {
  readonly hint: string | undefined
  readonly exitCode: ExitCode

  constructor(message: string, options: { hint?: string; exitCode?: ExitCode } = {}) {
    super(message)
    this.name = 'UserError'
    this.hint = options.hint
    this.exitCode = options.exitCode ?? exitCodes.badInput
  }
}
