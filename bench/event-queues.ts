/**
 * Event queues of the virtual clock, by the hold model (Jones, CACM 29, 1986): with so many events pending, one is
 * taken out and one put in, an exponential time later. Nanoseconds a hold, medians of runs that alternate.
 *
 *   npm run bench:event-queues -- --runs 5
 */
import { cpus, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { EventQueue } from '../src/clock/event-queue.ts'
import { CalendarQueue } from './event-queues/calendar-queue.ts'
import { FourAryHeap } from './event-queues/four-ary-heap.ts'
import { PairingHeap } from './event-queues/pairing-heap.ts'
import { mix } from '../src/sessions/uniform.ts'
import type { PendingEvents } from './event-queues/pending-events.ts'

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } })
const runs = Number(values.runs)
const holds = 1_000_000
const queues: Readonly<Record<string, () => PendingEvents>> = {
  'binary heap': () => new EventQueue(),
  '4-ary heap': () => new FourAryHeap(),
  'calendar queue': () => new CalendarQueue(),
  'pairing heap': () => new PairingHeap(),
}
// The same waits for every queue: of one size, or of two as where tokens and tools take milliseconds and users minutes.
const waits = {
  'mean 1': Float64Array.from({ length: 1 << 20 }, (_, i) => exponential(i)),
  'mean 1, one in ten 1,000': Float64Array.from(
    { length: 1 << 20 },
    (_, i) => exponential(i) * (i % 10 === 0 ? 1000 : 1),
  ),
  'always 1': new Float64Array(1 << 20).fill(1),
}

console.log(
  `${cpus()[0]!.model}, ${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}`,
)
console.log(
  'waits'.padEnd(26),
  'pending',
  ...Object.keys(queues).map((name) => name.padStart(15)),
  '  ns a hold',
)
for (const [kind, times] of Object.entries(waits))
  for (const pending of [100, 10_000, 1_000_000]) {
    const nanoseconds = new Map(Object.keys(queues).map((name) => [name, [] as number[]]))
    let checksum: number | undefined
    for (let run = 0; run <= runs; run++)
      for (const [name, create] of Object.entries(queues)) {
        // A calendar of events at one instant is a list that every push walks: a million of them would take hours.
        if (name === 'calendar queue' && kind === 'always 1' && pending > 100) continue
        const [ns, sum] = hold(create(), pending, times)
        if (run > 0) nanoseconds.get(name)!.push(ns)
        checksum ??= sum
        if (sum !== checksum) throw new Error(`the ${name} pops in another order`)
      }
    const medians = [...nanoseconds.values()].map((all) => all.sort((a, b) => a - b)[Math.floor(runs / 2)])
    const cells = medians.map((ns) => (ns?.toFixed(0) ?? '-').padStart(15))
    console.log(kind.padEnd(26), String(pending).padStart(7), ...cells)
  }

function exponential(i: number): number {
  return -Math.log((mix(i) + 0.5) / 2 ** 32)
}

function hold(
  queue: PendingEvents,
  pending: number,
  times: Float64Array,
): [nanoseconds: number, checksum: number] {
  for (let i = 0; i < pending; i++) queue.at(times[i]!).push(0, i, 0)
  let checksum = 0
  const startedAtMs = performance.now()
  for (let i = 0; i < holds; i++) {
    queue.pop()
    checksum = (Math.imul(checksum, 31) + queue.subject) | 0
    queue.at(queue.atMs + times[(pending + i) & 0xfffff]!).push(0, queue.subject, 0)
  }
  return [((performance.now() - startedAtMs) / holds) * 1e6, checksum]
}
