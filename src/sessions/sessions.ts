import type { Distribution } from '../stats/distribution.ts'
import { lengthBiased } from '../stats/length-biased.ts'
import type { Level } from '../workload/level.ts'
import type { Scenario, Workload } from '../workload/workload.ts'
import { atDayTime } from './day-curve.ts'
import { type LoopDraws, subagentDraws } from './loop-draws.ts'
import { unitArrivals } from './unit-arrivals.ts'
import { Draw, wholeAtLeast, WholeDraw } from './draw.ts'
import { purposes } from './purposes.ts'
import { uniformOf, Uniforms } from './uniform.ts'
import { minuteMs } from '../workload/units.ts'

/**
 * Every draw of the world as a pure function of its coordinates. `simulate`, `load` and `provider` ask the same
 * functions, so feedback (a retry, an abandonment) changes when things happen, never what.
 * Steps count from 1; attempts and turns from 0. Durations are milliseconds of workload time.
 */
export interface Sessions extends LoopDraws {
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
  /** How long a session is that is a call by telephone, at least; NaN where there are none. */
  callMs(session: number): number
  /** Before turn `turn`: since the end of the previous turn, or of the user's previous session when turn is 0. */
  thinkMs(session: number, turn: number): number
  /** Infinity when users are patient. */
  patienceMs(session: number, turn: number): number
  text(session: number, turn: number): string
  /** Index of the model that a turn asks: the scenario's, or drawn by its shares. */
  model(session: number, turn: number): number
  /** `model` where it is another than the turn's own, such as a fallback. */
  ttftMs(session: number, turn: number, step: number, attempt: number, model?: number): number
  perTokenMs(session: number, turn: number, step: number, attempt: number, model?: number): number
  tokensPerChunk(session: number, turn: number, step: number): number
  /** Of sub-agents, by the tool that they are; their `turn` is a lane. */
  readonly subagents: readonly (LoopDraws | undefined)[]
  /** The raw uniform behind a draw, for purposes of an engine's own (numbers from 32 on). */
  uniform(session: number, turn: number, step: number, attempt: number, purpose: number): number
}

/** The draws of `workload` under `seed`; `level` decides what a session's start means. */
export function createSessions(workload: Workload, seed: number, level: Level): Sessions {
  const scenarios = workload.scenarios
  const cumulative: number[] = []
  let total = 0
  for (const scenario of scenarios) cumulative.push((total += scenario.share))
  let firstThinkMs: ((u: number) => number) | undefined

  const uniforms = new Uniforms(seed)
  const u = (session: number, turn: number, step: number, attempt: number, purpose: number): number =>
    uniforms.at(session, turn, step, attempt, purpose)
  const drawn = (of: Distribution, purpose: number): Draw => new Draw(of, uniforms, purpose)
  const whole = (low: number, of: Distribution, purpose: number): WholeDraw =>
    new WholeDraw(of, low, uniforms, purpose)
  const firstThink = drawn(workload.users.think, purposes.think)
  const patience = workload.users.patience && drawn(workload.users.patience.after, purposes.patience)
  const call = workload.phone && drawn(workload.phone.duration, purposes.call)
  const callMs = (session: number): number => (call ? call.positive(session, 0, 0, 0) : NaN)
  const played = scenarios.map((scenario) => drawsOf(scenario, drawn, whole))
  const models = workload.models.map((model) => ({
    maxTokens: model.maxTokens ?? Infinity,
    ttft: drawn(model.ttft, purposes.ttft),
    perToken: drawn(model.perToken, purposes.perToken),
    tokensPerChunk: whole(1, model.tokensPerChunk, purposes.chunk),
  }))
  const tools = workload.tools.map(({ latency, fanOut }) => ({
    latency: drawn(latency, purposes.toolLatency),
    fanOut: whole(1, fanOut, purposes.fanOut),
  }))

  // Draws of one session are asked for in a row: its scenario is kept.
  let lastSession = NaN
  let lastScenario = 0

  function scenario(session: number): number {
    if (scenarios.length === 1) return 0
    if (session !== lastSession) {
      lastSession = session
      lastScenario = pickScenario(session)
    }
    return lastScenario
  }

  function pickScenario(session: number): number {
    const pick = u(session, 0, 0, 0, purposes.scenario) * total
    for (let i = 0; i < cumulative.length; i++) if (pick < cumulative[i]!) return i
    return cumulative.length - 1
  }

  const of = (session: number): ScenarioDraws => played[scenario(session)]!

  function said(session: number): readonly string[] {
    const { conversations, say } = scenarios[scenario(session)]!
    if (!conversations) return say
    const { texts } = conversations
    return texts[Math.floor(u(session, 0, 0, 0, purposes.conversation) * texts.length)]!
  }

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
    return (turn === 0 ? firstThink : of(session).think).positive(session, turn, 0, 0)
  }

  function model(session: number, turn: number): number {
    const { model, routes } = scenarios[scenario(session)]!
    if (!routes) return model
    let left = u(session, turn, 0, 0, purposes.route)
    for (const route of routes) if ((left -= route.share) < 0) return route.model
    return routes.at(-1)!.model
  }

  function tokens(session: number, turn: number, step: number): number {
    const said = recordedOutput
      ? wholeAtLeast(1, recordedOutput[session % rows]!)
      : of(session).output.at(session, turn, step)
    return Math.min(said, models[model(session, turn)]!.maxTokens)
  }

  function depth(session: number, turn: number): number {
    return of(session).depth.at(session, turn, 0)
  }

  function tool(session: number, turn: number, step: number): number {
    const { mayCall } = of(session)
    if (mayCall.length < 2) return mayCall[0] ?? -1
    const bits = uniforms.bitsAt(session, turn, step, 0, purposes.tool)
    return mayCall[Math.floor(uniformOf(bits) * mayCall.length)]!
  }

  function fanOut(session: number, turn: number, step: number, of = tool(session, turn, step)): number {
    if (of < 0) return 0
    return tools[of]!.fanOut.at(session, turn, step)
  }

  const messageTokens = (session: number, turn: number): number =>
    recordedInput ? wholeAtLeast(0, recordedInput[session % rows]!) : of(session).message.at(session, turn, 0)

  function historyTokens(session: number, turn: number): number {
    let left = of(session).historyMessages
    let sum = 0
    for (let earlier = turn - 1; earlier >= 0 && left > 0; earlier--) {
      sum += tokens(session, earlier, depth(session, earlier))
      if (--left > 0) {
        sum += messageTokens(session, earlier)
        left--
      }
    }
    return sum
  }

  function resultTokens(session: number, turn: number, step: number, tool?: number): number {
    const results = fanOut(session, turn, step, tool)
    return results > 0 ? results * of(session).toolResult.at(session, turn, step) : 0
  }

  const addedTokens = (session: number, turn: number, step: number): number =>
    tokens(session, turn, step) + resultTokens(session, turn, step)

  function inputTokens(session: number, turn: number, step: number): number {
    let sum =
      of(session).system.at(session, 0, 0) + messageTokens(session, turn) + historyTokens(session, turn)
    for (let earlier = 1; earlier < step; earlier++) sum += addedTokens(session, turn, earlier)
    return sum
  }

  return {
    seed,
    startMs,
    unitArrival,
    scenario,
    callMs,
    thinkMs,
    depth,
    tool,
    fanOut,
    tokens,
    inputTokens,
    addedTokens,
    resultTokens,
    turns(session) {
      const { conversations, turnsPerMinute } = scenarios[scenario(session)]!
      if (turnsPerMinute !== undefined) return wholeAtLeast(1, (callMs(session) / minuteMs) * turnsPerMinute)
      return conversations?.decideTurns ? said(session).length : of(session).turns.at(session, 0, 0)
    },
    patienceMs: (session, turn) => (patience ? patience.at(session, turn, 0, 0) : Infinity),
    text(session, turn) {
      const texts = said(session)
      return texts[turn % texts.length]!
    },
    model,
    subagents: workload.tools.map(({ subagent }) => subagent && subagentDraws(workload, subagent, u)),
    ttftMs: (session, turn, step, attempt, asked) =>
      models[asked ?? model(session, turn)]!.ttft.positive(session, turn, step, attempt),
    perTokenMs: (session, turn, step, attempt, asked) =>
      models[asked ?? model(session, turn)]!.perToken.positive(session, turn, step, attempt),
    tokensPerChunk: (session, turn, step) =>
      models[model(session, turn)]!.tokensPerChunk.at(session, turn, step),
    toolMs: (session, turn, step, index, of = tool(session, turn, step)) =>
      tools[of]!.latency.positive(session, turn, step, index),
    toolFails(session, turn, step, index, of = tool(session, turn, step)) {
      const { failure } = workload.tools[of]!
      if (failure === 0) return false
      return uniformOf(uniforms.bitsAt(session, turn, step, index, purposes.toolFailure)) < failure
    },
    uniform: u,
  }
}

type ScenarioDraws = ReturnType<typeof drawsOf>

function drawsOf(
  scenario: Scenario,
  drawn: (of: Distribution, purpose: number) => Draw,
  whole: (low: number, of: Distribution, purpose: number) => WholeDraw,
) {
  const { input } = scenario
  return {
    turns: whole(1, scenario.turns, purposes.turns),
    think: drawn(scenario.think, purposes.think),
    depth: whole(1, scenario.depth, purposes.depth),
    output: whole(1, scenario.output, purposes.tokens),
    mayCall: scenario.tools,
    system: whole(0, input.system, purposes.system),
    message: whole(0, input.message, purposes.message),
    toolResult: whole(0, input.toolResult, purposes.toolResult),
    historyMessages: input.historyMessages,
  }
}
