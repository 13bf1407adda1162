/** One value of a workload file that was learned. */
export interface LearnedField {
  /** Where it stands: keys, and scenarios by their index. */
  readonly path: readonly (string | number)[]
  readonly value: string | number | ReadonlyMap<number, string>
  /** How many of what it was learned from. */
  readonly from: string
}

/** What a recording says of an agent and its model, and what it cannot say. */
export interface Learned {
  readonly fields: readonly LearnedField[]
  /** The model that most calls asked. */
  readonly model: string | undefined
  /** Tools of which calls were seen. */
  readonly tools: readonly string[]
  readonly notes: readonly string[]
}
