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

/**
 * Everything that is known of each client, a session in progress with at most one turn in flight, in arrays by
 * client. A turn's generation is raised when it ends, which cancels whatever it had still planned. The loop of a
 * sub-agent is a client too, of no user: it has the session, the turn and the worker of the turn that it works for.
 */
export class Clients {
  capacity: number
  /** Clients that were ever there, and those of them that are free again. */
  #count = 0
  readonly #free: number[] = []
  session: Float64Array
  turn: Int32Array
  turns: Int32Array
  scenario: Int32Array
  generation: Int32Array
  phase: Uint8Array
  phaseAtMs: Float64Array
  intendedAtMs: Float64Array
  sentAtMs: Float64Array
  /** First answer text that the user sees; NaN until it came. */
  firstSeenAtMs: Float64Array
  worker: Int32Array
  step: Int32Array
  /** Steps that the agent will make: the depth drawn, cut at its limit. */
  steps: Int32Array
  depth: Int32Array
  attempt: Int32Array
  /** The tool that a sub-agent is; -1 for the root loop. */
  loop: Int32Array
  /** The turn that draws are made under: a sub-agent's loop has one of its own. */
  lane: Int32Array
  /** The tool job that a sub-agent's loop answers. */
  parentJob: Int32Array
  /** The model that the loop asks, and the one that the call in flight is at: a fallback may be another. */
  asks: Int32Array
  model: Int32Array
  /** From the call's breaker. */
  ticket: Int32Array
  callSentAtMs: Float64Array
  /** 1 while a call in flight is served outside the quota. */
  spilled: Uint8Array
  callFirstAtMs: Float64Array
  callEndAtMs: Float64Array
  inputTokens: Float64Array
  outputTokens: Float64Array
  /** Of them, those that a quota which charges live was told of. */
  generatedTokens: Float64Array
  /** Streamed pieces whose CPU is still to come. */
  relays: Int32Array
  /** Milliseconds of the turn by part, `parts.length` numbers a client. */
  partMs: Float64Array
  /** First of the client's tool jobs in flight; -1 when there is none. */
  toolJob: Int32Array

  constructor(capacity: number) {
    this.capacity = capacity
    this.session = new Float64Array(capacity)
    this.turn = new Int32Array(capacity)
    this.turns = new Int32Array(capacity)
    this.scenario = new Int32Array(capacity)
    this.generation = new Int32Array(capacity)
    this.phase = new Uint8Array(capacity)
    this.phaseAtMs = new Float64Array(capacity)
    this.intendedAtMs = new Float64Array(capacity)
    this.sentAtMs = new Float64Array(capacity)
    this.firstSeenAtMs = new Float64Array(capacity)
    this.worker = new Int32Array(capacity)
    this.step = new Int32Array(capacity)
    this.steps = new Int32Array(capacity)
    this.depth = new Int32Array(capacity)
    this.attempt = new Int32Array(capacity)
    this.loop = new Int32Array(capacity).fill(-1)
    this.lane = new Int32Array(capacity)
    this.parentJob = new Int32Array(capacity)
    this.asks = new Int32Array(capacity)
    this.model = new Int32Array(capacity)
    this.ticket = new Int32Array(capacity)
    this.callSentAtMs = new Float64Array(capacity)
    this.spilled = new Uint8Array(capacity)
    this.callFirstAtMs = new Float64Array(capacity)
    this.callEndAtMs = new Float64Array(capacity)
    this.inputTokens = new Float64Array(capacity)
    this.outputTokens = new Float64Array(capacity)
    this.generatedTokens = new Float64Array(capacity)
    this.relays = new Int32Array(capacity)
    this.partMs = new Float64Array(capacity * parts.length)
    this.toolJob = new Int32Array(capacity).fill(-1)
  }

  /** A client that nobody is; the root loop of nobody yet. */
  take(): number {
    const free = this.#free.pop()
    if (free !== undefined) return free
    if (this.#count === this.capacity) this.grow()
    return this.#count++
  }

  giveBack(client: number): void {
    this.#free.push(client)
  }

  /** Makes room for twice as many; open load does not know how many sessions will be there at once. */
  grow(): void {
    const grown = new Clients(this.capacity * 2)
    for (const [name, old] of Object.entries(this)) {
      if (typeof old === 'number') continue
      const array = grown[name as keyof this & keyof Clients] as unknown as Float64Array
      array.set(old as Float64Array)
    }
    Object.assign(this, grown)
  }

  /** Ends the phase a turn is in, counts its time and begins another. */
  enter(client: number, phase: number, atMs: number): void {
    const part = partOfPhase[this.phase[client]!]!
    if (part >= 0) this.partMs[client * parts.length + part]! += atMs - this.phaseAtMs[client]!
    this.phase[client] = phase
    this.phaseAtMs[client] = atMs
  }

  clearParts(client: number): void {
    const from = client * parts.length
    for (let part = 0; part < parts.length; part++) this.partMs[from + part] = 0
  }

  isLastStep(client: number): boolean {
    return this.step[client] === this.steps[client]
  }

  /** Whether what the model says now is for the user to see. */
  answersUser(client: number): boolean {
    return this.step[client] === this.steps[client] && this.loop[client]! < 0
  }
}
