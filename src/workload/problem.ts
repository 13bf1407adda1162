/** A mistake in a workload file, or something that is probably one. */
export interface Problem {
  readonly severity: 'error' | 'warning'
  readonly code: ProblemCode
  readonly message: string
  /** What to write instead. */
  readonly hint?: string
  /** Where in the file: `scenarios[1].depth`; empty for the file as a whole. */
  readonly path: string
  /** From 1; absent where the file does not write it, as for an override. */
  readonly line?: number
  readonly column?: number
}

export type ProblemCode =
  | 'too_large'
  | 'yaml_syntax'
  | 'yaml_alias'
  | 'yaml_documents'
  | 'duplicate_key'
  | 'duplicate_name'
  | 'no_value'
  | 'unknown_key'
  | 'unknown_name'
  | 'missing'
  | 'wrong_type'
  | 'wrong_unit'
  | 'out_of_range'
  | 'bad_distribution'
  | 'bad_range'
  | 'bad_objective'
  | 'bad_override'
  | 'missing_trace'
  | 'missing_environment'
  | 'contradiction'
  | 'unused'

/** Keys and indices from the root of the file. */
export type Path = readonly (string | number)[]

/** A problem that knows its place only as a path. */
export interface PlacedProblem {
  readonly severity?: 'error' | 'warning'
  readonly code: ProblemCode
  readonly message: string
  readonly hint?: string | undefined
  readonly path: Path
  /** Point at the key rather than at its value. */
  readonly atKey?: boolean
}

/** `scenarios[1].depth`. */
export function pathText(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('')
}
