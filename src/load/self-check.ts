import { type MeasuredWindow, isMeasured } from '../result/measured-window.ts'
import type { TurnRecord } from '../result/records.ts'
import type { GeneratorReport } from '../result/summary.ts'
import type { SelfUse } from '../host/edge/self-probe.ts'

export interface SelfCheckInput {
  /** Turns of the whole run. */
  readonly turns: Iterable<Readonly<TurnRecord>>
  readonly window: MeasuredWindow
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
  const { speed, self, window, frameLatenessP99Ms, agentCpu } = input
  const { due, sent } = countTurns(input)
  const latenessP99Ms = quantile(sent.latenessMs, 0.99)
  const loopDelayP99Ms = Math.max(...playersOf(input).map((player) => player.loopDelayP99Ms)) * speed
  const providerLatenessP99Ms =
    input.providerLatenessP99Ms === undefined ? undefined : input.providerLatenessP99Ms * speed
  // Of a call's turn most is the answer's own length: what lateness bends is how soon it begins.
  const held = frameLatenessP99Ms === undefined ? sent.turnMs : sent.responseMs
  const limitMs = Math.max(latenessFloorMs, latenessShare * (quantile(held, 0.5) ?? 0))
  const late = (what: string, p99Ms: number | undefined): string[] =>
    p99Ms !== undefined && p99Ms > limitMs
      ? [`${what} at p99: ${shown(p99Ms)} ms${atSpeed(speed)}, more than ${shown(limitMs)} ms`]
      : []
  const reasons = [
    ...input.doubts,
    ...late('messages were sent late', latenessP99Ms),
    ...late("the generator's event loop was blocked", loopDelayP99Ms),
    ...late('the simulated provider was late', providerLatenessP99Ms),
    ...late('frames of sound were late', frameLatenessP99Ms),
    ...busyGenerator(input),
    ...turnsMissing(due, sent.count),
    ...busyAgent(input),
  ]
  const seconds = window.measuredMs / 1000
  return {
    valid: reasons.length === 0,
    reasons,
    ...(seconds > 0 ? { requestedPerSecond: due / seconds, achievedPerSecond: sent.count / seconds } : {}),
    ...(latenessP99Ms === undefined ? {} : { latenessP99Ms }),
    loopDelayP99Ms,
    cpu: self.cores,
    ...(providerLatenessP99Ms === undefined ? {} : { providerLatenessP99Ms }),
    ...(frameLatenessP99Ms === undefined ? {} : { frameLatenessP99Ms }),
    ...(agentCpu === undefined ? {} : { agentCpu }),
  }
}

function countTurns({ turns, window }: SelfCheckInput): { readonly due: number; readonly sent: SentTurns } {
  const sent = new SentTurns()
  let due = 0
  for (const turn of turns) {
    if (isMeasured(window, turn.intendedAtMs)) due++
    if (isMeasured(window, turn.sentAtMs)) sent.add(turn)
  }
  return { due, sent }
}

/** Where threads play the users, this one only gathers what they tell: its own delay bends no instant. */
function playersOf({ workers, self }: SelfCheckInput): NonNullable<SelfCheckInput['workers']> {
  return workers ?? [self]
}

function busyGenerator(input: SelfCheckInput): string[] {
  const busiest = Math.max(...playersOf(input).map(({ cores }) => cores))
  if (busiest <= busyCores) return []
  const who = input.workers ? `one of the generator's ${input.workers.length} workers` : 'the generator'
  return [`${who} used ${busiest.toFixed(2)} cores and has one`]
}

/** Up to three turns short is chance: they fell due at the end of the window. */
function turnsMissing(due: number, sent: number): string[] {
  if (due - sent <= 3 || sent >= achievedShare * due) return []
  return [`only ${sent} of ${due} messages that were due were sent`]
}

function busyAgent({ speed, agentCpu, agentCores }: SelfCheckInput): string[] {
  const share = agentCpu === undefined ? 0 : agentCpu / agentCores
  if (speed <= 1 || share <= compressedAgentShare) return []
  return [
    `the agent used ${Math.round(share * 100)} % of its CPU, which time compression does not compress: lower the speed (now ${speed})`,
  ]
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
