import type { PhoneRecord } from '../result/phone-records.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { ServiceUse } from '../result/summary.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { perMinuteOf, type QuotaTerm, settledBy, termName, termUnit } from '../workload/quota-terms.ts'
import type { Workload } from '../workload/workload.ts'
import { callLimits } from './call-limits.ts'

export interface ServiceUseInput {
  readonly workload: Workload
  readonly turns: Iterable<Readonly<TurnRecord>>
  readonly calls: readonly Readonly<CallRecord>[]
  /** Calls by telephone. */
  readonly phone?: readonly Readonly<PhoneRecord>[]
  readonly window: { readonly warmupMs: number; readonly measuredMs: number }
  /** What the agent's processes used, where they were watched, of the cores that they may use. */
  readonly cpu?: { readonly cores: number; readonly ofCores: number } | undefined
}

/**
 * How much of each limit of the file was in use over the window, as seen from outside the agent. Slots of the agent
 * are the file's word for it; a quota's use is what admitted calls were settled at.
 */
export function serviceUse({
  workload,
  turns,
  calls,
  phone = [],
  window,
  cpu,
}: ServiceUseInput): ServiceUse[] {
  const fromMs = window.warmupMs
  const untilMs = fromMs + window.measuredMs
  const minutes = window.measuredMs / 60_000
  if (!(minutes > 0)) return []
  const uses: Omit<ServiceUse, 'binding'>[] = []
  const use = (name: string, used: number, limit: number, unit: string): void => {
    if (Number.isFinite(limit) && limit > 0) uses.push({ name, utilisation: used / limit, limit, unit })
  }
  const inUse = (records: Iterable<Span>, atMost: number): number =>
    meanInUse(records, fromMs, untilMs, atMost)

  const { agent } = workload
  const slots = agent.workers * agent.concurrency
  // What is only spoken on the telephone holds no slot.
  const atWork = phone.length > 0 ? [...turns].map(untilHeard) : turns
  use('agent slots', inUse(atWork, slots), slots, 'turns')
  if (cpu) {
    const { name, limit } = coresOf(workload, cpu)
    use(name, cpu.cores, limit, 'cores')
  }
  workload.models.forEach((model, service) => {
    const label = workload.models.length > 1 ? model.key : 'model'
    const slots = model.engine?.slots ?? Infinity
    const own = calls.filter((call) => call.kind === 'model' && call.service === service)
    const admitted = own.filter((call) => call.outcome !== 'rejected')
    const ended = admitted.filter((call) => call.endedAtMs >= fromMs && call.endedAtMs < untilMs)
    const begun = admitted.filter((call) => call.sentAtMs >= fromMs && call.sentAtMs < untilMs)
    for (const term of model.quota ? termsOf(model.quota) : []) {
      const name = `${label} quota, ${termName(term)}`
      use(name, chargedBy(term, term.tokens ? ended : begun) / minutes, perMinuteOf(term), termUnit(term))
    }
    use(`${label} engine`, inUse(admitted, slots), slots, 'calls')
  })
  workload.tools.forEach((tool, service) => {
    const own = calls.filter((call) => call.kind === 'tool' && call.service === service)
    use(tool.name, inUse(own, tool.capacity), tool.capacity, 'calls')
  })
  const limits = phone.length > 0 ? callLimits(workload, phone, window) : []
  uses.push(...limits.map(({ refused: _, ...each }) => each))
  const refused = limits.reduce((sum, each) => sum + each.refused, 0)
  // What refuses calls binds, however little of it is in use on average; where nothing is full, even if it may.
  const fullest = Math.max(0, ...uses.map((each) => each.utilisation))
  const allowed = fullest < fullEnough ? 0 : (workload.phone?.blocked ?? 0)
  if (refused > allowed * phone.length) {
    const [first] = limits.toSorted((a, b) => b.refused - a.refused)
    return uses.map((each) => ({ ...each, binding: each.name === first!.name }))
  }
  // Turns that wait for a core hold their slots meanwhile: those are full because of it.
  const isBusy = uses.some(({ unit, utilisation }) => unit === 'cores' && utilisation >= busyCores)
  const causes = isBusy ? uses.filter(({ name }) => name !== 'agent slots') : uses
  const most = Math.max(...causes.map((each) => each.utilisation))
  return uses.map((each) => ({ ...each, binding: causes.includes(each) && each.utilisation === most }))
}

/** Less used than this, the fullest service is not what binds. */
const fullEnough = 0.5
/** Cores in use from which on work waits for them. */
const busyCores = 0.9
/** What is used beyond the file's word for it, before that is taken to be wrong. */
const beyondWord = 1.1

/** As many event loops as the file says, on as many cores; all that the machine has where the agent uses more. */
function coresOf(
  { agent: { workers, server } }: Workload,
  { cores, ofCores }: NonNullable<ServiceUseInput['cpu']>,
): { readonly name: string; readonly limit: number } {
  const said = Math.min(workers, server?.cpu ?? Infinity, ofCores)
  return {
    name: Number.isFinite(workers) ? 'event loop' : 'agent CPU',
    limit: cores > said * beyondWord ? ofCores : said,
  }
}

/** What calls came to at a limit: tokens are known when a call has ended. */
function chargedBy(term: QuotaTerm, calls: readonly Readonly<CallRecord>[]): number {
  return calls.reduce((sum, call) => {
    const asked = { ...call, maxTokens: Number.isNaN(call.maxTokens) ? 0 : call.maxTokens }
    return sum + settledBy(term, asked, call)
  }, 0)
}

interface Span {
  readonly sentAtMs: number
  readonly endedAtMs: number
}

const untilHeard = ({ sentAtMs, firstTokenAtMs, endedAtMs }: Readonly<TurnRecord>): Span => ({
  sentAtMs,
  endedAtMs: Number.isNaN(firstTokenAtMs) ? endedAtMs : firstTokenAtMs,
})

/** The time average of how many are under way, those beyond `atMost` being in a queue. */
function meanInUse(spans: Iterable<Span>, fromMs: number, untilMs: number, atMost: number): number {
  const begun: number[] = []
  const ended: number[] = []
  for (const { sentAtMs, endedAtMs } of spans) {
    begun.push(sentAtMs)
    ended.push(endedAtMs)
  }
  const begins = Float64Array.from(begun).sort()
  const ends = Float64Array.from(ended).sort()
  let inUse = 0
  let area = 0
  let lastMs = fromMs
  for (let b = 0, e = 0; b < begins.length || e < ends.length;) {
    const isBegin = b < begins.length && begins[b]! <= ends[e]!
    const atMs = Math.min(untilMs, Math.max(fromMs, isBegin ? begins[b++]! : ends[e++]!))
    area += Math.min(inUse, atMost) * (atMs - lastMs)
    lastMs = atMs
    inUse += isBegin ? 1 : -1
  }
  return area / (untilMs - fromMs)
}
