import type { ScriptDefinition } from './scenario.ts'

/** A script that is ready to be played: read, with its files. */
export interface Script {
  /** Of the file, for people. */
  readonly name: string
  /** Where it was read from, as stack traces have it. */
  readonly url: string
  readonly definition: ScriptDefinition
  readonly data: Readonly<Record<string, readonly unknown[]>>
}
