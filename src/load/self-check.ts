import type { TurnRecord } from '../result/records.ts'
import type { GeneratorReport } from '../result/summary.ts'
import type { SelfUse } from '../host/edge/self-probe.ts'

export interface SelfCheckInput {
  /** Turns of the whole run. */
  readonly turns: Iterable<Readonly<TurnRecord>>
  readonly window: { readonly warmupMs: number; readonly measuredMs: number }
  readonly speed: number
  readonly self: Pick<SelfUse, 'loopDelayP99Ms' | 'cores'>
  /** The threads that played the users, where it was not this one. */
  readonly workers?: readonly Pick<SelfUse, 'loopDelayP99Ms' | 'cores'>[]
  /** Wall milliseconds by which the provider was late, where there is one. */
  readonly providerLatenessP99Ms?: number
  /** By which frames of sound were late, where there are calls. */
  readonly frameLatenessP99Ms?: number
  /** Cores used by the agent, where it was started by us, and cores it can use. */
  readonly agentCpu?: number
  readonly agentCores: number
  /** Reasons known before the run began. */
  readonly doubts: readonly string[]
}

/**
 * Lateness is the tester's own error in every latency it reports, so it is held against those latencies: more than
 * a twentieth of the median turn (and more than 20 ms) of workload time at p99, and the numbers are not the target's.
 * A millisecond of wall time counts `speed` times.
 */
const latenessFloorMs = 20
const latenessShare = 0.05
/** One thread cannot use more than one core; near it, sends queue in the kernel where no probe of ours sees them. */
const busyCores = 0.9
const achievedShare = 0.95
/** Of the agent's cores: beyond this, CPU that does not compress would bend a compressed result. */
const compressedAgentShare = 0.5

/** The generator on itself: did it keep up, and if not, why. */
export function selfCheck(input: SelfCheckInput): GeneratorReport {
  const { speed, self, window } = input
  const fromMs = window.warmupMs
  const untilMs = fromMs + window.measuredMs
  const within = (atMs: number): boolean => atMs >= fromMs && atMs < untilMs
  const seconds = window.measuredMs / 1000
  const sent = new SentTurns()
  let due = 0
  for (const turn of input.turns) {
    if (within(turn.intendedAtMs)) due++
    if (within(turn.sentAtMs)) sent.add(turn)
  }
  const latenessP99Ms = quantile(sent.latenessMs, 0.99)
  // Of a call's turn most is the answer's own length: what lateness bends is how soon it begins.
  const held = input.frameLatenessP99Ms === undefined ? sent.turnMs : sent.responseMs
  const limitMs = Math.max(latenessFloorMs, latenessShare * (quantile(held, 0.5) ?? 0))
  // Where threads play the users, this one only gathers what they tell: its own delay bends no instant.
  const players = input.workers ?? [self]
  const loopDelayP99Ms = Math.max(...players.map((player) => player.loopDelayP99Ms)) * speed
  const busiest = Math.max(...players.map(({ cores }) => cores))
  const providerLatenessP99Ms =
    input.providerLatenessP99Ms === undefined ? undefined : input.providerLatenessP99Ms * speed
  const reasons: string[] = [...input.doubts]
  const late = (what: string, valueMs: number | undefined): void => {
    if (valueMs !== undefined && valueMs > limitMs)
      reasons.push(`${what} at p99: ${shown(valueMs)} ms${atSpeed(speed)}, more than ${shown(limitMs)} ms`)
  }
  late('messages were sent late', latenessP99Ms)
  late("the generator's event loop was blocked", loopDelayP99Ms)
  late('the simulated provider was late', providerLatenessP99Ms)
  late('frames of sound were late', input.frameLatenessP99Ms)
  if (busiest > busyCores)
    reasons.push(
      input.workers
        ? `one of the generator's ${input.workers.length} workers used ${busiest.toFixed(2)} cores and has one`
        : `the generator used ${busiest.toFixed(2)} cores and has one`,
    )
  // Fewer than three turns short is chance: they fell due at the end of the window.
  if (due - sent.count > 3 && sent.count < achievedShare * due)
    reasons.push(`only ${sent.count} of ${due} messages that were due were sent`)
  const agentShare = input.agentCpu === undefined ? 0 : input.agentCpu / input.agentCores
  if (speed > 1 && agentShare > compressedAgentShare)
    reasons.push(
      `the agent used ${Math.round(agentShare * 100)} % of its CPU, which time compression does not compress: lower the speed (now ${speed})`,
    )
  return {
    valid: reasons.length === 0,
    reasons,
    ...(seconds > 0 ? { requestedPerSecond: due / seconds, achievedPerSecond: sent.count / seconds } : {}),
    ...(latenessP99Ms === undefined ? {} : { latenessP99Ms }),
    loopDelayP99Ms,
    cpu: self.cores,
    ...(providerLatenessP99Ms === undefined ? {} : { providerLatenessP99Ms }),
    ...(input.frameLatenessP99Ms === undefined ? {} : { frameLatenessP99Ms: input.frameLatenessP99Ms }),
    ...(input.agentCpu === undefined ? {} : { agentCpu: input.agentCpu }),
  }
}

/** Turns that were sent within the window. */
class SentTurns {
  count = 0
  readonly latenessMs: number[] = []
  /** Of those that were answered. */
  readonly turnMs: number[] = []
  readonly responseMs: number[] = []

  add({ outcome, intendedAtMs, sentAtMs, firstTokenAtMs, endedAtMs }: Readonly<TurnRecord>): void {
    this.count++
    this.latenessMs.push(sentAtMs - intendedAtMs)
    if (outcome !== 'completed') return
    this.turnMs.push(endedAtMs - sentAtMs)
    if (!Number.isNaN(firstTokenAtMs)) this.responseMs.push(firstTokenAtMs - sentAtMs)
  }
}

function quantile(values: readonly number[], p: number): number | undefined {
  if (values.length === 0) return undefined
  return Float64Array.from(values).sort()[Math.min(values.length - 1, Math.floor(p * values.length))]
}

const shown = (ms: number): string => (ms >= 10 ? ms.toFixed(0) : ms.toFixed(1))

const atSpeed = (speed: number): string => (speed === 1 ? '' : ` of workload time (speed ${speed})`)
