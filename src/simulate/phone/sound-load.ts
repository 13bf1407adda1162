import type { EventQueue } from '../../clock/event-queue.ts'
import { JobHeap } from '../../service/job-heap.ts'
import { longer } from '../../stats/columns.ts'
import type { Agent } from '../../workload/workload.ts'
import { events } from '../events.ts'
import type { Window } from '../meter.ts'
import { TimeAverage } from '../time-average.ts'

/** What a loop is taken to leave at least, where a time is told before it is known. */
const leastRate = 0.01

/**
 * The event loops of an agent on the telephone. The sound of the calls that are up takes its share of each all the time,
 * and goes first, since every piece of it is small: turns get the rest, and nothing while there is more sound than a loop can do, until
 * what is behind has been caught up with.
 *
 * All of it follows from one clock, `loop time`, which runs at the rate that sound leaves, and backwards beyond it: a turn's work is
 * done when loop time first passes the highest it had been, and what stands in line, by as much as the work is. Calls are spread evenly over the loops.
 */
export class SoundLoad {
  readonly #queue: EventQueue
  readonly #shareOfCall: number
  readonly #loops: number
  readonly #calls: TimeAverage
  /** When work is done, for a client and its generation. */
  readonly #due = new JobHeap()
  /** By worker, in loop time: when it has done all that it was asked for. */
  #freeAt = new Float64Array(16)
  /** When the work is done that `burn` was asked for last. */
  doneAtMs = NaN
  #workMs = NaN
  #plans = 0
  #atMs = 0
  #loopMs = 0
  #mostMs = 0

  constructor(queue: EventQueue, share: number, loops: number, window: Window) {
    this.#queue = queue
    this.#shareOfCall = share
    this.#loops = loops
    this.#calls = new TimeAverage(queue, window)
  }

  /** Cores that sound took in the mean over the window. */
  cores(toMs: number): number {
    return this.#calls.mean(toMs) * this.#shareOfCall * this.#loops
  }

  /** Calls come up, or are over. */
  add(calls: number): void {
    this.#move()
    this.#calls.add(calls)
    this.#plan()
  }

  /** CPU milliseconds that are asked for next: `sound.work(ms).put(worker, client, generation)`. */
  work(ms: number): this {
    this.#workMs = ms
    return this
  }

  /** Puts the work on a worker's event loop: the phase of the client ends when it is done. */
  put(worker: number, client: number, generation: number): void {
    this.#take(worker)
    this.#due.by(this.#freeAt[worker]!).push(client, generation)
    this.#plan()
  }

  /** The same of work that nobody waits for; `doneAtMs` says when it is done, if no call comes or goes meanwhile. */
  burn(worker: number): void {
    this.#take(worker)
    this.doneAtMs = this.#atMs + (this.#freeAt[worker]! - this.#loopMs) / Math.max(leastRate, this.#rate())
  }

  /** Work is done, unless what was planned has changed meanwhile. */
  wake(plan: number): void {
    if (plan !== this.#plans) return
    this.#move()
    // What was planned for now is due now, whatever rounding has left of it.
    this.#loopMs = Math.max(this.#loopMs, this.#due.firstKey)
    this.#mostMs = Math.max(this.#mostMs, this.#loopMs)
    while (this.#due.firstKey <= this.#loopMs) {
      const generation = this.#due.firstWork
      this.#queue.at(this.#atMs).push(events.phaseEnd, this.#due.pop(), generation)
    }
    this.#plan()
  }

  #rate(): number {
    return 1 - this.#calls.level * this.#shareOfCall
  }

  #take(worker: number): void {
    this.#move()
    while (worker >= this.#freeAt.length) this.#freeAt = longer(this.#freeAt, this.#freeAt.length * 2)
    this.#freeAt[worker] = Math.max(this.#mostMs, this.#freeAt[worker]!) + this.#workMs
  }

  #move(): void {
    const { atMs } = this.#queue
    this.#loopMs += (atMs - this.#atMs) * this.#rate()
    this.#atMs = atMs
    this.#mostMs = Math.max(this.#mostMs, this.#loopMs)
  }

  #plan(): void {
    const rate = this.#rate()
    this.#plans++
    if (this.#due.length === 0 || rate <= 0) return
    const atMs = this.#atMs + Math.max(0, this.#due.firstKey - this.#loopMs) / rate
    this.#queue.at(atMs).push(events.besideSound, 0, this.#plans)
  }
}

/** Nothing where the file does not say what sound costs, or where every turn has an event loop to itself. */
export function soundLoad(agent: Agent, queue: EventQueue, window: Window): SoundLoad | undefined {
  const { workers, servers = 1, voice } = agent
  const loops = workers * servers
  if (!voice?.cpuPerSecondMs || loops === Infinity) return undefined
  return new SoundLoad(queue, voice.cpuPerSecondMs / 1000 / loops, loops, window)
}
