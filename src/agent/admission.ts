import type { AdmissionRule } from '../workload/agent-rules.ts'

/** Why a turn was turned away: the agent is full, or its own session is. */
export type Refusal = 'overloaded' | 'busy'

export interface AdmissionLimits {
  readonly workers: number
  /** Turns at once in one worker. */
  readonly concurrency: number
  /** Turns that may wait, in all. */
  readonly queue: number
  /** Turns of one session that may wait. */
  readonly perSession: number
  /** First come, first served, and whoever comes last is refused, where absent. */
  readonly rule?: AdmissionRule
}

interface Waiting {
  readonly turn: number
  readonly priority: number
  readonly session: string
}

/**
 * Who waits and who runs: one shared line in the order of the rule, the worker with the fewest turns takes the next, and a
 * session has one turn at work at a time; its later ones wait beside the line. A pure state machine.
 */
export class Admission {
  readonly #limits: AdmissionLimits
  readonly #start: (turn: number, worker: number) => void
  readonly #displace: (turn: number) => void
  readonly #turnsOfWorker: number[]
  readonly #line = new Map<number, Waiting>()
  /** Of sessions that have a turn in line or at work: those that wait for it. */
  readonly #behind = new Map<string, Waiting[]>()
  readonly #running = new Map<number, { readonly session: string; readonly worker: number }>()
  #waitingBehind = 0

  /** `start` is called with a turn and the worker that has a slot for it; `displace` with one that has to go. */
  constructor(
    limits: AdmissionLimits,
    start: (turn: number, worker: number) => void,
    displace: (turn: number) => void = () => {},
  ) {
    this.#limits = limits
    this.#start = start
    this.#displace = displace
    this.#turnsOfWorker = Array.from({ length: limits.workers }, () => 0)
  }

  get waiting(): number {
    return this.#line.size + this.#waitingBehind
  }

  get running(): number {
    return this.#running.size
  }

  /** Turns that wait behind another one of `session`. */
  waitingOf(session: string): number {
    return this.#behind.get(session)?.length ?? 0
  }

  isBusy(session: string): boolean {
    return this.#behind.has(session)
  }

  /** Starts or queues a turn, or says why not. */
  arrive(turn: number, session: string, priority = 0): Refusal | undefined {
    const behind = this.#behind.get(session)
    if (behind) {
      if (behind.length >= this.#limits.perSession) return 'busy'
      if (this.waiting >= this.#limits.queue) return 'overloaded'
      behind.push({ turn, session, priority })
      this.#waitingBehind++
      return undefined
    }
    if (this.#freeWorker() < 0 && this.waiting >= this.#limits.queue) {
      const other = this.#lowestBelow(priority)
      if (other === undefined) return 'overloaded'
      this.#displace(other)
    }
    this.#behind.set(session, [])
    this.#line.set(turn, { turn, session, priority })
    this.#serve()
    return undefined
  }

  /** A turn is over, wherever it stood: finished, failed or given up. */
  leave(turn: number): void {
    const running = this.#running.get(turn)
    const session = running?.session ?? this.#line.get(turn)?.session
    if (session === undefined) return this.#leaveBehind(turn)
    if (running) this.#turnsOfWorker[running.worker]!--
    this.#running.delete(turn)
    this.#line.delete(turn)
    const next = this.#behind.get(session)!.shift()
    if (next) {
      this.#waitingBehind--
      this.#line.set(next.turn, next)
    } else this.#behind.delete(session)
    this.#serve()
  }

  #leaveBehind(turn: number): void {
    for (const behind of this.#behind.values()) {
      const index = behind.findIndex((waiting) => waiting.turn === turn)
      if (index < 0) continue
      behind.splice(index, 1)
      this.#waitingBehind--
      return
    }
  }

  #serve(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      const { turn, session } = next
      const worker = this.#freeWorker()
      if (worker < 0) return
      this.#line.delete(turn)
      this.#turnsOfWorker[worker]!++
      this.#running.set(turn, { session, worker })
      this.#start(turn, worker)
    }
  }

  /** Who goes next, by the rule. */
  #next(): Waiting | undefined {
    const { order = 'fifo' } = this.#limits.rule ?? {}
    let best: Waiting | undefined
    for (const waiting of this.#line.values()) {
      if (order === 'lifo' || best === undefined) best = waiting
      else if (order === 'fifo') return best
      else if (waiting.priority > best.priority) best = waiting
    }
    return best
  }

  /** Who came last among those of the lowest priority, where that is below `priority` and the rule sheds them. */
  #lowestBelow(priority: number): number | undefined {
    if (this.#limits.rule?.shed !== 'lowest') return undefined
    let lowest: Waiting | undefined
    for (const waiting of this.#line.values())
      if (waiting.priority < priority && waiting.priority <= (lowest?.priority ?? Infinity)) lowest = waiting
    return lowest?.turn
  }

  /** The worker with the fewest turns, or -1 when all are full. */
  #freeWorker(): number {
    let best = -1
    let fewest = this.#limits.concurrency
    for (const [worker, turns] of this.#turnsOfWorker.entries()) {
      if (turns >= fewest) continue
      best = worker
      fewest = turns
    }
    return best
  }
}
