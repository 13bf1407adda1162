import type { EventQueue } from '../clock/event-queue.ts'

/** Where a client's turn is. The order is the order of a turn. */
export const phases = {
  idle: 0,
  queue: 1,
  load: 2,
  prompt: 3,
  cpu: 4,
  retry: 5,
  model: 6,
  relay: 7,
  tools: 8,
  save: 9,
  /** Waiting for a connection to the model. */
  connection: 10,
} as const

/** Parts of a turn's time, in the order of the summary. */
export const parts = [
  'queue',
  'prompt',
  'state',
  'cpu',
  'model',
  'tools',
  'retry wait',
  'connections',
] as const

/** The part that a phase's time counts as; `idle` never counts. */
const partOfPhase = Int32Array.of(-1, 0, 2, 1, 3, 6, 4, 3, 5, 2, 7)

/** A client has so many numbers, and as many whole ones: whole lines of the cache. */
const rowLength = 24

/**
 * Everything that is known of each client, a session in progress with at most one turn in flight. A turn's generation is
 * raised when it ends, which cancels whatever it had still planned. The loop of a sub-agent is a client too, of no user:
 * it has the session, the turn and the worker of the turn that it works for.
 *
 * What is known of one client lies together in memory, in a row of numbers and a row of whole ones, what calls need
 * first: an event finds all of it in a few lines of the cache, however many clients there are. A client is the place where
 * its rows begin, and each column a view of all rows that begins with its own first number: `sentAtMs[client]`.
 */
export class Clients {
  /** Clients that there is room for, that were ever there, and those of them that are free again. */
  #capacity: number
  #count = 0
  readonly #free: number[] = []
  #numbers: Float64Array
  #wholes: Int32Array
  readonly #clock: EventQueue
  session: Float64Array
  phaseAtMs: Float64Array
  inputTokens: Float64Array
  /** What the step was to say, of which a fallback may say less. */
  drawnTokens: Float64Array
  outputTokens: Float64Array
  callSentAtMs: Float64Array
  callFirstAtMs: Float64Array
  callEndAtMs: Float64Array
  /** What the turn waits for takes so long, where that is drawn. */
  waitMs: Float64Array
  /** Of the output tokens, those that a quota which charges live was told of. */
  generatedTokens: Float64Array
  /** Milliseconds of the turn by part, `parts.length` columns side by side. */
  partMs: Float64Array
  intendedAtMs: Float64Array
  sentAtMs: Float64Array
  /** First answer text that the user sees; NaN until it came. */
  firstSeenAtMs: Float64Array
  endedAtMs: Float64Array
  generation: Int32Array
  phase: Int32Array
  worker: Int32Array
  /** The tool that a sub-agent is; -1 for the root loop. */
  loop: Int32Array
  /** The turn that draws are made under: a sub-agent's loop has one of its own. */
  lane: Int32Array
  step: Int32Array
  /** Steps that the agent will make: the depth drawn, cut at its limit. */
  steps: Int32Array
  /** The model that the loop asks, and the one that the call in flight is at: a fallback may be another. */
  asks: Int32Array
  model: Int32Array
  attempt: Int32Array
  /** The one that the last step called; -1 where it called none. */
  tool: Int32Array
  /** From the call's breaker. */
  ticket: Int32Array
  /** 1 while a call in flight is served outside the quota. */
  spilled: Int32Array
  /** Streamed pieces whose CPU is still to come. */
  relays: Int32Array
  /** First of the client's tool jobs in flight; -1 when there is none. */
  toolJob: Int32Array
  depth: Int32Array
  turn: Int32Array
  turns: Int32Array
  scenario: Int32Array
  /** The tool job that a sub-agent's loop answers. */
  parentJob: Int32Array

  constructor(clock: EventQueue, capacity: number) {
    const numbers = new Float64Array(capacity * rowLength)
    const wholes = new Int32Array(capacity * rowLength)
    this.#clock = clock
    this.#capacity = capacity
    this.#numbers = numbers
    this.#wholes = wholes
    let column = 0
    this.session = numbers.subarray(column++)
    this.phaseAtMs = numbers.subarray(column++)
    this.inputTokens = numbers.subarray(column++)
    this.drawnTokens = numbers.subarray(column++)
    this.outputTokens = numbers.subarray(column++)
    this.callSentAtMs = numbers.subarray(column++)
    this.callFirstAtMs = numbers.subarray(column++)
    this.callEndAtMs = numbers.subarray(column++)
    this.waitMs = numbers.subarray(column++)
    this.generatedTokens = numbers.subarray(column++)
    this.partMs = numbers.subarray(column)
    column += parts.length
    this.intendedAtMs = numbers.subarray(column++)
    this.sentAtMs = numbers.subarray(column++)
    this.firstSeenAtMs = numbers.subarray(column++)
    this.endedAtMs = numbers.subarray(column++)
    column = 0
    this.generation = wholes.subarray(column++)
    this.phase = wholes.subarray(column++)
    this.worker = wholes.subarray(column++)
    this.loop = wholes.subarray(column++)
    this.lane = wholes.subarray(column++)
    this.step = wholes.subarray(column++)
    this.steps = wholes.subarray(column++)
    this.asks = wholes.subarray(column++)
    this.model = wholes.subarray(column++)
    this.tool = wholes.subarray(column++)
    this.attempt = wholes.subarray(column++)
    this.ticket = wholes.subarray(column++)
    this.spilled = wholes.subarray(column++)
    this.relays = wholes.subarray(column++)
    this.toolJob = wholes.subarray(column++)
    this.depth = wholes.subarray(column++)
    this.turn = wholes.subarray(column++)
    this.turns = wholes.subarray(column++)
    this.scenario = wholes.subarray(column++)
    this.parentJob = wholes.subarray(column++)
    for (let ordinal = 0; ordinal < capacity; ordinal++) {
      const client = ordinal * rowLength
      this.loop[client] = -1
      this.toolJob[client] = -1
    }
  }

  /** Clients that were ever there. */
  get count(): number {
    return this.#count
  }

  /** The client before which so many others were there. */
  at(ordinal: number): number {
    return ordinal * rowLength
  }

  /** The other way round: how many clients were there before. */
  ordinalOf(client: number): number {
    return client / rowLength
  }

  /** A client that nobody is; the root loop of nobody yet. */
  take(): number {
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#count === this.#capacity) this.#grow()
    return this.at(this.#count++)
  }

  giveBack(client: number): void {
    this.#free.push(client)
  }

  /** Ends the phase a turn is in, counts its time and begins another. */
  enter(client: number, phase: number): void {
    const { atMs } = this.#clock
    const part = partOfPhase[this.phase[client]!]!
    if (part >= 0) this.partMs[client + part]! += atMs - this.phaseAtMs[client]!
    this.phase[client] = phase
    this.phaseAtMs[client] = atMs
  }

  clearParts(client: number): void {
    for (let part = 0; part < parts.length; part++) this.partMs[client + part] = 0
  }

  isLastStep(client: number): boolean {
    return this.step[client] === this.steps[client]
  }

  /** Whether what the model says now is for the user to see. */
  answersUser(client: number): boolean {
    return this.step[client] === this.steps[client] && this.loop[client]! < 0
  }

  /** Makes room for twice as many; open load does not know how many sessions will be there at once. */
  #grow(): void {
    const grown = new Clients(this.#clock, this.#capacity * 2)
    grown.#numbers.set(this.#numbers)
    grown.#wholes.set(this.#wholes)
    this.#capacity = grown.#capacity
    this.#numbers = grown.#numbers
    this.#wholes = grown.#wholes
    // The columns.
    Object.assign(this, grown)
  }
}
