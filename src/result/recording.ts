/** A tool call that a model asked for: no arguments are kept. */
export interface AskedTool {
  /** Empty where the API gives none. */
  readonly id: string
  readonly name: string
}

/** Characters of a request by what they are; text itself is not kept. */
export interface RequestSizes {
  /** System prompt and tool declarations. */
  readonly system: number
  /** The user's last message. */
  readonly message: number
  /** Results of tools since the last answer. */
  readonly toolResults: readonly number[]
  readonly whole: number
  /** Messages of earlier turns that were sent along. */
  readonly earlierMessages: number
}

/**
 * What was seen of one model call that was passed through to the real provider: instants and shapes, no text and no
 * key. Instants are milliseconds of one monotonic clock; NaN where there was none.
 */
export interface SeenCall {
  readonly model: string
  readonly sentAtMs: number
  readonly firstTokenAtMs: number
  readonly lastTokenAtMs: number
  readonly endedAtMs: number
  readonly status: number
  /** A whole answer came and was handed on. */
  readonly completed: boolean
  readonly streamed: boolean
  /** Pieces of the answer that held text or arguments. */
  readonly chunks: number
  readonly inputTokens: number
  readonly cachedTokens: number
  readonly outputTokens: number
  /** The provider said the tokens; otherwise they are a quarter of the characters. */
  readonly usageTold: boolean
  readonly maxTokens?: number
  readonly sizes: RequestSizes
  /** Ids of the tool calls whose results it brings. */
  readonly answers: readonly string[]
  readonly asks: readonly AskedTool[]
  /** What the provider's headers say that the key may ask in a minute. */
  readonly limits?: SeenLimits
  /** Only where it was asked to be kept. */
  readonly text?: { readonly request: string; readonly answer: string }
}

/** Of a minute; input and output apart where the provider limits them apart. */
export interface SeenLimits {
  readonly requests?: number
  readonly tokens?: number
  readonly inputTokens?: number
  readonly outputTokens?: number
}

/** What was seen of one tool call that was passed through. */
export interface SeenTool {
  readonly name: string
  readonly sentAtMs: number
  readonly endedAtMs: number
  readonly failed: boolean
}

/** One turn with all that was seen behind the agent while it went on. */
export interface SeenTurn {
  readonly session: number
  readonly turn: number
  readonly sentAtMs: number
  readonly endedAtMs: number
  readonly completed: boolean
  readonly calls: readonly SeenCall[]
  readonly tools: readonly SeenTool[]
}

/** Turns played against a real model, one after another. */
export interface Recording {
  readonly format: 1
  readonly turns: readonly SeenTurn[]
  /** Calls that came while no turn was on, so that no turn can have them. */
  readonly unjoined: number
}

/**
 * The calls of the root loop of a turn, in order: the first one, then those that bring results of what it asked for.
 * Where an API gives no ids, calls that bring results go on; where nobody brings results, those that overlap no other.
 */
export function rootCalls({ calls }: SeenTurn): SeenCall[] {
  const [first, ...others] = calls
    .filter(({ completed }) => completed)
    .toSorted((one, other) => one.sentAtMs - other.sentAtMs)
  if (!first) return []
  const root = [first]
  const hasResults = others.some(({ sizes }) => sizes.toolResults.length > 0)
  for (const call of others) {
    const last = root.at(-1)!
    const ids = last.asks.map(({ id }) => id).filter((id) => id !== '')
    const follows = call.sentAtMs >= last.endedAtMs
    const goesOn = hasResults
      ? call.sizes.toolResults.length > 0 && (ids.length === 0 || call.answers.some((id) => ids.includes(id)))
      : last.asks.length === 0
    if (follows && goesOn) root.push(call)
  }
  return root
}

/** Which turn every call and tool call fell into: turns that were played one after another share no instant. */
export function recordingOf(
  turns: readonly Omit<SeenTurn, 'calls' | 'tools'>[],
  calls: readonly SeenCall[],
  tools: readonly SeenTool[],
): Recording {
  const within =
    (turn: Omit<SeenTurn, 'calls' | 'tools'>) =>
    ({ sentAtMs }: { readonly sentAtMs: number }): boolean =>
      sentAtMs >= turn.sentAtMs && sentAtMs <= turn.endedAtMs
  const joined = turns.map((turn) => ({
    ...turn,
    calls: calls.filter(within(turn)),
    tools: tools.filter(within(turn)),
  }))
  const found = joined.reduce((sum, turn) => sum + turn.calls.length + turn.tools.length, 0)
  return { format: 1, turns: joined, unjoined: calls.length + tools.length - found }
}
