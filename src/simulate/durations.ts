import { Draw } from '../sessions/draw.ts'
import { purposes } from '../sessions/purposes.ts'
import type { Sessions } from '../sessions/sessions.ts'
import { seedElsewhere, Uniforms } from '../sessions/uniform.ts'
import type { Distribution } from '../stats/distribution.ts'
import type { Workload } from '../workload/workload.ts'

/**
 * The draws of `Sessions` that are milliseconds, into a place: a number that is not whole and handed back is an object
 * where V8 does not compile the two together.
 */
export class Durations {
  /** By model, of a call. */
  readonly ttfts: readonly Draw[]
  readonly perTokens: readonly Draw[]
  /** The same of a call that is at this model instead of the one that its loop asks. */
  readonly elsewhere: Pick<Durations, 'ttfts' | 'perTokens'>
  readonly #sessions: Sessions
  /** Before a session, and by scenario between its turns. */
  readonly #firstThink: Draw
  readonly #thinks: readonly Draw[]
  readonly #tools: readonly Draw[]
  readonly #patience: Draw | undefined
  readonly #call: Draw | undefined

  constructor({ models, phone, scenarios, tools, users }: Workload, sessions: Sessions, uniforms: Uniforms) {
    const drawn = (of: Distribution, purpose: number): Draw => new Draw(of, uniforms, purpose)
    const elsewhere = models.map((_, i) => new Uniforms(seedElsewhere(sessions.seed, i)))
    this.#sessions = sessions
    this.#firstThink = drawn(users.think, purposes.think)
    this.#thinks = scenarios.map(({ think }) => drawn(think, purposes.think))
    this.ttfts = models.map(({ ttft }) => drawn(ttft, purposes.ttft))
    this.perTokens = models.map(({ perToken }) => drawn(perToken, purposes.perToken))
    this.elsewhere = {
      ttfts: models.map(({ ttft }, i) => new Draw(ttft, elsewhere[i]!, purposes.ttft)),
      perTokens: models.map(({ perToken }, i) => new Draw(perToken, elsewhere[i]!, purposes.perToken)),
    }
    this.#tools = tools.map(({ latency }) => drawn(latency, purposes.toolLatency))
    this.#patience = users.patience && drawn(users.patience.after, purposes.patience)
    this.#call = phone && drawn(phone.duration, purposes.call)
  }

  /** How long a call by telephone is, at least; NaN where there are none. */
  call(into: Float64Array, place: number, session: number): void {
    if (this.#call) this.#call.write(into, place, session, 0, 0, 0)
    else into[place] = NaN
  }

  /** What the user waits for an answer; Infinity: for ever. */
  patience(into: Float64Array, place: number, session: number, turn: number): void {
    if (this.#patience) this.#patience.write(into, place, session, turn, 0, 0)
    else into[place] = Infinity
  }

  /** What the user thinks before a turn. */
  think(into: Float64Array, place: number, session: number, turn: number, scenario: number): void {
    const draw = turn === 0 ? this.#firstThink : this.#thinks[scenario]!
    draw.write(into, place, session, turn, 0, 0)
  }

  /** Of a call of a tool; a sub-agent, `loop`, has draws of its own. */
  tool(
    into: Float64Array,
    place: number,
    loop: number,
    session: number,
    lane: number,
    step: number,
    index: number,
    tool: number,
  ): void {
    if (loop < 0) this.#tools[tool]!.write(into, place, session, lane, step, index)
    else into[place] = this.#sessions.subagents[loop]!.toolMs(session, lane, step, index, tool)
  }
}
