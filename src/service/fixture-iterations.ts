import type { Engine } from '../workload/workload.ts'

/** A call as it is drawn: output tokens, and those of its prompt. */
export interface DrawnCall {
  readonly work: number
  readonly context: number
}

/** What a batch came to. */
export interface Served {
  readonly perSecond: number
  readonly preemptionsPerCall: number
}

interface Call extends DrawnCall {
  made: number
  /** Tokens that are read in the next iteration. */
  unread: number
}

/**
 * An inference engine, one iteration after the other, as the scheduler of vLLM's V1 runs it (`vllm/v1/core/sched/scheduler.py`):
 * first room for the next token of each that runs, for which those admitted last stand back; only where none had to, those
 * who wait, in order, as long as their contexts have room. All contexts are read whole, in the iteration that admits them.
 * So many calls at once until no more are drawn; it knows nothing of the station that it is held against.
 */
export function servedByIterations(engine: Engine, atOnce: number, drawn: readonly DrawnCall[]): Served {
  const kvTokens = engine.kvTokens ?? Infinity
  const coming = drawn.map((call): Call => ({ ...call, made: 0, unread: 0 }))
  const waiting = coming.splice(0, atOnce)
  const running: Call[] = []
  const held = ({ context, made }: Call): number => context + made
  const inUse = (): number => running.reduce((sum, call) => sum + held(call), 0)
  let atMs = 0
  let ended = 0
  let preemptions = 0
  while (coming.length > 0) {
    const before = preemptions
    while (running.length > 1 && inUse() + running.length > kvTokens) {
      waiting.unshift(running.pop()!)
      preemptions++
    }
    const next = running.length
    while (preemptions === before && waiting.length > 0 && running.length < engine.slots) {
      const [call] = waiting as [Call]
      if (running.length > 0 && inUse() + next + held(call) > kvTokens) break
      call.unread = held(call)
      running.push(waiting.shift()!)
    }
    atMs += engine.stepMs + running.length * engine.decodeMs
    for (const call of running) {
      atMs += call.unread * engine.prefillMs
      call.unread = 0
      call.made++
    }
    for (const call of running.filter(({ made, work }) => made === work)) {
      running.splice(running.indexOf(call), 1)
      waiting.push(...coming.splice(0, 1))
      ended++
    }
  }
  return { perSecond: (ended / atMs) * 1000, preemptionsPerCall: preemptions / ended }
}
