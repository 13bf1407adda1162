import { lengthBiased } from '../stats/length-biased.ts'
import type { Level } from '../workload/level.ts'
import type { ModelInput, Scenario, Workload } from '../workload/workload.ts'
import { atDayTime } from './day-curve.ts'
import { unitArrivals } from './unit-arrivals.ts'
import { uniformAt } from './uniform.ts'

/**
 * Every draw of the world as a pure function of its coordinates. `simulate`, `load` and `provider` ask the same
 * functions, so feedback (a retry, an abandonment) changes when things happen, never what.
 * Steps count from 1; attempts and turns from 0. Durations are milliseconds of workload time.
 */
export interface Sessions {
  readonly seed: number
  /**
   * When a session's first turn is sent, where that is known in advance: every session of open load, and each
   * user's first one of closed load (`session < users`), which falls into a think time already under way.
   * Later closed sessions follow their user's previous one after `thinkMs(session, 0)`; they return NaN.
   */
  startMs(session: number): number
  /** Arrival instants of a process of rate 1 (Poisson or as the file says), for load whose rate changes over time. */
  unitArrival(session: number): number
  scenario(session: number): number
  turns(session: number): number
  /** Before turn `turn`: since the end of the previous turn, or of the user's previous session when turn is 0. */
  thinkMs(session: number, turn: number): number
  /** Infinity when users are patient. */
  patienceMs(session: number, turn: number): number
  text(session: number, turn: number): string
  /** Steps of the turn's loop, at least 1. */
  depth(session: number, turn: number): number
  /** Tool calls made at once after step `step`; 0 where the scenario has no tools. */
  fanOut(session: number, turn: number, step: number): number
  /** Index of the tool called after step `step`; -1 where the scenario has none. */
  tool(session: number, turn: number, step: number): number
  /** Output tokens of a model call, capped by the model's `maxTokens`. */
  tokens(session: number, turn: number, step: number): number
  /** Input tokens of a model call: system, history, message and what earlier steps of the turn added. */
  inputTokens(session: number, turn: number, step: number): number
  ttftMs(session: number, turn: number, step: number, attempt: number): number
  perTokenMs(session: number, turn: number, step: number, attempt: number): number
  tokensPerChunk(session: number, turn: number, step: number): number
  toolMs(session: number, turn: number, step: number, index: number): number
  toolFails(session: number, turn: number, step: number, index: number): boolean
  /** The raw uniform behind a draw, for purposes of an engine's own (numbers from 32 on). */
  uniform(session: number, turn: number, step: number, attempt: number, purpose: number): number
}

const purposes = {
  scenario: 1,
  turns: 2,
  think: 3,
  patience: 4,
  depth: 5,
  fanOut: 6,
  tool: 7,
  tokens: 8,
  ttft: 9,
  perToken: 10,
  chunk: 11,
  toolLatency: 12,
  toolFailure: 13,
  system: 14,
  message: 15,
  toolResult: 16,
  residual: 17,
  arrival: 18,
} as const

const wholeAtLeast = (low: number, value: number): number => Math.max(low, Math.round(value))

/** The draws of `workload` under `seed`; `level` decides what a session's start means. */
export function createSessions(workload: Workload, seed: number, level: Level): Sessions {
  const scenarios = workload.scenarios
  const cumulative: number[] = []
  let total = 0
  for (const scenario of scenarios) cumulative.push((total += scenario.share))
  let firstThinkMs: ((u: number) => number) | undefined

  const u = (session: number, turn: number, step: number, attempt: number, purpose: number): number =>
    uniformAt(seed, session, turn, step, attempt, purpose)

  function scenario(session: number): number {
    if (scenarios.length === 1) return 0
    const pick = u(session, 0, 0, 0, purposes.scenario) * total
    for (let i = 0; i < cumulative.length; i++) if (pick < cumulative[i]!) return i
    return cumulative.length - 1
  }

  const of = (session: number): Scenario => scenarios[scenario(session)]!

  const { arrivals, peak } = workload.users
  const unitArrival = unitArrivals(arrivals, (session, residual) =>
    u(session, 0, 0, 0, residual ? purposes.residual : purposes.arrival),
  )
  // What a session's row of a trace says stands for what the scenario would draw.
  const rows = arrivals?.kind === 'trace' ? arrivals.atMs.length : 1
  const recordedInput = arrivals?.kind === 'trace' ? arrivals.inputTokens : undefined
  const recordedOutput = arrivals?.kind === 'trace' ? arrivals.outputTokens : undefined

  function startMs(session: number): number {
    if ('sessionsPerSecond' in level) {
      const seconds = unitArrival(session) / level.sessionsPerSecond
      return peak.day ? atDayTime(peak.day, seconds) : seconds * 1000
    }
    if (session >= level.users) return NaN
    // Mid-life: what is left of a think time that is under way. At a random instant it is a long one that one meets.
    firstThinkMs ??= lengthBiased(workload.users.think)
    return firstThinkMs(u(session, 0, 0, 0, purposes.think)) * u(session, 0, 0, 0, purposes.residual)
  }

  function thinkMs(session: number, turn: number): number {
    const think = turn === 0 ? workload.users.think : of(session).think
    return Math.max(0, think.quantile(u(session, turn, 0, 0, purposes.think)))
  }

  function tokens(session: number, turn: number, step: number): number {
    const scenario = of(session)
    const said = recordedOutput
      ? recordedOutput[session % rows]!
      : scenario.output.quantile(u(session, turn, step, 0, purposes.tokens))
    return Math.min(wholeAtLeast(1, said), workload.models[scenario.model]!.maxTokens ?? Infinity)
  }

  function depth(session: number, turn: number): number {
    return wholeAtLeast(1, of(session).depth.quantile(u(session, turn, 0, 0, purposes.depth)))
  }

  function tool(session: number, turn: number, step: number): number {
    const tools = of(session).tools
    if (tools.length === 0) return -1
    return tools[Math.floor(u(session, turn, step, 0, purposes.tool) * tools.length)]!
  }

  function fanOut(session: number, turn: number, step: number): number {
    const index = tool(session, turn, step)
    if (index < 0) return 0
    return wholeAtLeast(1, workload.tools[index]!.fanOut.quantile(u(session, turn, step, 0, purposes.fanOut)))
  }

  const messageTokens = (input: ModelInput, session: number, turn: number): number =>
    wholeAtLeast(
      0,
      recordedInput
        ? recordedInput[session % rows]!
        : input.message.quantile(u(session, turn, 0, 0, purposes.message)),
    )

  function historyTokens(input: ModelInput, session: number, turn: number): number {
    let left = input.historyMessages
    let sum = 0
    for (let earlier = turn - 1; earlier >= 0 && left > 0; earlier--) {
      sum += tokens(session, earlier, depth(session, earlier))
      if (--left > 0) {
        sum += messageTokens(input, session, earlier)
        left--
      }
    }
    return sum
  }

  function inputTokens(session: number, turn: number, step: number): number {
    const input = of(session).input
    let sum =
      wholeAtLeast(0, input.system.quantile(u(session, 0, 0, 0, purposes.system))) +
      messageTokens(input, session, turn) +
      historyTokens(input, session, turn)
    for (let earlier = 1; earlier < step; earlier++) {
      const results = fanOut(session, turn, earlier)
      const size = input.toolResult.quantile(u(session, turn, earlier, 0, purposes.toolResult))
      sum += tokens(session, turn, earlier) + results * wholeAtLeast(0, size)
    }
    return sum
  }

  const model = (session: number) => workload.models[of(session).model]!
  const atLeastZero = (value: number): number => (value > 0 ? value : 0)

  return {
    seed,
    startMs,
    unitArrival,
    scenario,
    thinkMs,
    depth,
    tool,
    fanOut,
    tokens,
    inputTokens,
    turns: (session) => wholeAtLeast(1, of(session).turns.quantile(u(session, 0, 0, 0, purposes.turns))),
    patienceMs(session, turn) {
      const patience = workload.users.patience
      return patience ? patience.after.quantile(u(session, turn, 0, 0, purposes.patience)) : Infinity
    },
    text(session, turn) {
      const say = of(session).say
      return say[turn % say.length]!
    },
    ttftMs: (session, turn, step, attempt) =>
      atLeastZero(model(session).ttft.quantile(u(session, turn, step, attempt, purposes.ttft))),
    perTokenMs: (session, turn, step, attempt) =>
      atLeastZero(model(session).perToken.quantile(u(session, turn, step, attempt, purposes.perToken))),
    tokensPerChunk: (session, turn, step) =>
      wholeAtLeast(1, model(session).tokensPerChunk.quantile(u(session, turn, step, 0, purposes.chunk))),
    toolMs: (session, turn, step, index) =>
      atLeastZero(
        workload.tools[tool(session, turn, step)]!.latency.quantile(
          u(session, turn, step, index, purposes.toolLatency),
        ),
      ),
    toolFails(session, turn, step, index) {
      const failure = workload.tools[tool(session, turn, step)]!.failure
      return failure > 0 && u(session, turn, step, index, purposes.toolFailure) < failure
    },
    uniform: u,
  }
}
