import type { VerdictLine } from './run.ts'
import type { Summary } from './summary.ts'

/** The answer for the person who pays, in plain words and with its figures. */
export interface Brief {
  readonly format: 1
  readonly origin: 'solved'
  readonly workload: { readonly name: string; readonly hash: string }
  readonly users: number
  readonly runAt: number
  /** At `runAt`; absent where nobody is carried or a price is missing. */
  readonly cost?: NonNullable<Summary['cost']>
  readonly lines: readonly VerdictLine[]
}
