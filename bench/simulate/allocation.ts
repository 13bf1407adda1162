import { getHeapStatistics } from 'node:v8'
import { type SimulateOptions, simulateRunner } from '../../src/simulate/simulate.ts'
import { Simulation } from '../../src/simulate/simulation.ts'
import type { Workload } from '../../src/workload/workload.ts'

/** Events between two looks, as `Simulation.goOn` has them. */
const eventsOfPiece = 50_000
/** Until then a run still makes room for its clients and for the first values that its summary keeps. */
const piecesLeftOut = 4

type Options = Omit<SimulateOptions, 'sink' | 'phoneSink' | 'signal'>

/** Bytes that V8 has allocated for an event, whoever has freed them since. */
class Allocation {
  readonly #last: number
  #pieces = 0
  #before = NaN
  #after = NaN

  /** Of a run of so many events, from its fourth piece to the last whole one. */
  constructor(events: number) {
    this.#last = Math.floor(events / eventsOfPiece)
    if (this.#last <= piecesLeftOut) throw new RangeError(`${events} events are too few`)
  }

  /** Another piece is over. A look itself costs some 90 kB, so that there are two. */
  piece(): void {
    this.#pieces++
    if (this.#pieces === piecesLeftOut) this.#before = getHeapStatistics().total_allocated_bytes
    else if (this.#pieces === this.#last) this.#after = getHeapStatistics().total_allocated_bytes
  }

  get bytesAnEvent(): number {
    return (this.#after - this.#before) / ((this.#last - piecesLeftOut) * eventsOfPiece)
  }
}

const nobody = (): void => {}

/** Without records and summary. A run of so many `events`. */
export function bytesOfKernel(workload: Workload, options: Options, events: number): number {
  const allocation = new Allocation(events)
  const simulation = new Simulation(workload, options, nobody, nobody)
  while (!simulation.goOn()) allocation.piece()
  return allocation.bytesAnEvent
}

/** With records and summary, but for the end of the summary, which is not an event's. */
export async function bytesOfWhole(workload: Workload, options: Options, events: number): Promise<number> {
  const allocation = new Allocation(events)
  const runner = simulateRunner(workload, { onSlice: () => allocation.piece() })
  await runner(options, new AbortController().signal)
  return allocation.bytesAnEvent
}
