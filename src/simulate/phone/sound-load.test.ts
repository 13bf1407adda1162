import { describe, expect, it } from 'vitest'
import { EventQueue } from '../../clock/event-queue.ts'
import { read } from '../../workload/fixture-read.ts'
import { events } from '../events.ts'
import { simulate } from '../simulate.ts'
import { SoundLoad } from './sound-load.ts'

const hour = 3_600_000

/** Calls that come or go at instants, and work that comes at others; answers when each is done, by its client. */
function done(
  { share = 0.2, loops = 1 }: { readonly share?: number; readonly loops?: number },
  calls: readonly (readonly [atMs: number, by: number])[],
  works: readonly (readonly [atMs: number, worker: number, workMs: number])[],
): number[] {
  const queue = new EventQueue()
  const sound = new SoundLoad(queue, share / loops, loops, { fromMs: 0, toMs: 1000 })
  for (const [i, [atMs]] of calls.entries()) queue.at(atMs).push(events.arrival, i, 0)
  for (const [i, [atMs]] of works.entries()) queue.at(atMs).push(events.send, i, 0)
  const doneAtMs: number[] = []
  while (queue.popBefore(hour)) {
    const { atMs, kind, subject, generation } = queue
    if (kind === events.arrival) sound.add(calls[subject]![1])
    else if (kind === events.send) sound.work(works[subject]![2]).put(works[subject]![1], subject, 0)
    else if (kind === events.besideSound) sound.wake(generation)
    else doneAtMs[subject] = atMs
  }
  return doneAtMs
}

describe('work beside the sound of calls, of which each takes a fifth of a loop', () => {
  const cases: [string, Parameters<typeof done>, number[]][] = [
    ['no call', [{}, [], [[10, 0, 40]]], [50]],
    ['three calls leave two fifths', [{}, [[0, 3]], [[0, 0, 40]]], [100]],
    [
      'a call comes meanwhile: 30 ms at 4/5, the rest at 3/5',
      [
        {},
        [
          [0, 1],
          [30, 1],
        ],
        [[0, 0, 36]],
      ],
      [50],
    ],
    [
      'calls end meanwhile',
      [
        {},
        [
          [0, 4],
          [100, -4],
        ],
        [[0, 0, 30]],
      ],
      [110],
    ],
    [
      'first come, first served',
      [
        {},
        [[0, 3]],
        [
          [0, 0, 40],
          [10, 0, 20],
        ],
      ],
      [100, 150],
    ],
    [
      'two loops have half of the sound each',
      [
        { loops: 2 },
        [[0, 5]],
        [
          [0, 0, 40],
          [0, 1, 20],
        ],
      ],
      [80, 40],
    ],
    // From 0 to 100 sound asks for 1.2 loops: 20 ms are behind, which take until 125 at 4/5 left.
    [
      'more sound than the loop can do',
      [
        {},
        [
          [0, 6],
          [100, -5],
        ],
        [[50, 0, 8]],
      ],
      [135],
    ],
    [
      'work is done, and so is what is behind',
      [
        {},
        [
          [0, 6],
          [100, -5],
        ],
        [[200, 0, 8]],
      ],
      [210],
    ],
    // 10 ms of 18 are done when more sound than the loop can do comes, for 50 ms; then the 10 ms it is behind, and 8.
    [
      'in the middle of a piece of work',
      [
        {},
        [
          [10, 6],
          [60, -6],
        ],
        [[0, 0, 18]],
      ],
      [78],
    ],
  ]
  it.each(cases)('%s', (_, given, expected) => {
    const answers = done(...given)
    expected.forEach((atMs, i) => expect(answers[i]).toBeCloseTo(atMs, 9))
  })
})

describe('simulated calls', () => {
  const played = (cpu: string, callsPerHour: number) => {
    const workload = read(
      `phone: { calls: ${callsPerHour}/h, duration: 1m, blocked: 1%, turns: 1/min }
agent: { workers: 1, concurrency: 50, overhead: { cpuPerCall: 60ms }, voice: { cpuPerSecond: ${cpu} } }
model: { ttft: 300ms, output: 15 }`,
    )
    const level = { sessionsPerSecond: callsPerHour / 3600 }
    return simulate(workload, { level, seed: 3, warmupMs: 0, measuredMs: hour })
  }

  it('a caller alone waits for the turn’s CPU at the rate that the call’s own sound leaves', () => {
    const { latency, services, phone } = played('400ms', 1)
    // 500 ms of silence, and 60 ms at six tenths of a loop.
    expect(latency.ttftMs!.p50).toBeCloseTo(500 + 100 + 300, 6)
    const cores = services!.find(({ name }) => name === 'event loop')!.utilisation
    expect(cores).toBeCloseTo(phone!.active.mean * 0.4 + (60 * phone!.calls.offered) / hour, 9)
  })
})
