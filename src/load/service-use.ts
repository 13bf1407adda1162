import { fullEnough } from '../result/full-enough.ts'
import { type MeasuredWindow, isMeasured } from '../result/measured-window.ts'
import type { PhoneRecord } from '../result/phone-records.ts'
import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { ServiceUse } from '../result/summary.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { perMinuteOf, type QuotaTerm, settledBy, termName, termUnit } from '../workload/quota-terms.ts'
import type { Workload } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import { coresOf } from '../workload/cores-of.ts'
import { callLimits } from './call-limits.ts'

export interface ServiceUseInput {
  readonly workload: Workload
  readonly turns: Iterable<Readonly<TurnRecord>>
  readonly calls: readonly Readonly<CallRecord>[]
  /** Calls by telephone. */
  readonly phone?: readonly Readonly<PhoneRecord>[]
  readonly window: MeasuredWindow
  /** What the agent's processes used, where they were watched, of the cores that they may use. */
  readonly cpu?: { readonly cores: number; readonly ofCores: number } | undefined
}

type Use = Omit<ServiceUse, 'binding'>

/**
 * How much of each limit of the file was in use over the window, as seen from outside the agent. Slots of the agent
 * are the file's word for it; a quota's use is what admitted calls were settled at.
 */
export function serviceUse(input: ServiceUseInput): ServiceUse[] {
  const { workload, phone = [], window } = input
  if (!(window.measuredMs > 0)) return []
  const limits = phone.length > 0 ? callLimits(workload, phone, window) : []
  const uses = [
    ...agentUse(input),
    ...modelUse(input),
    ...toolUse(input),
    ...limits.map(({ refused: _, ...use }) => use),
  ]
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

/** None of what has no limit. */
function useOf(name: string, used: number, limit: number, unit: string): Use[] {
  return Number.isFinite(limit) && limit > 0 ? [{ name, utilisation: used / limit, limit, unit }] : []
}

function agentUse({ workload, turns, phone = [], window, cpu }: ServiceUseInput): Use[] {
  const slots = workload.agent.workers * workload.agent.concurrency
  // What is only spoken on the telephone holds no slot.
  const atWork = phone.length > 0 ? [...turns].map(untilHeard) : turns
  const uses = useOf('agent slots', meanInUse(atWork, window, slots), slots, 'turns')
  if (!cpu) return uses
  const { name, limit } = cpuOf(workload, cpu)
  return [...uses, ...useOf(name, cpu.cores, limit, 'cores')]
}

function modelUse({ workload, calls, window }: ServiceUseInput): Use[] {
  const minutes = window.measuredMs / minuteMs
  return workload.models.flatMap((model, service) => {
    const label = workload.models.length > 1 ? model.key : 'model'
    const slots = model.engine?.slots ?? Infinity
    const admitted = calls.filter(
      (call) => call.kind === 'model' && call.service === service && call.outcome !== 'rejected',
    )
    const ended = admitted.filter((call) => isMeasured(window, call.endedAtMs))
    const begun = admitted.filter((call) => isMeasured(window, call.sentAtMs))
    const quota = (model.quota ? termsOf(model.quota) : []).flatMap((term) => {
      const usedPerMinute = chargedBy(term, term.tokens ? ended : begun) / minutes
      return useOf(`${label} quota, ${termName(term)}`, usedPerMinute, perMinuteOf(term), termUnit(term))
    })
    return [...quota, ...useOf(`${label} engine`, meanInUse(admitted, window, slots), slots, 'calls')]
  })
}

function toolUse({ workload, calls, window }: ServiceUseInput): Use[] {
  return workload.tools.flatMap(({ name, capacity }, service) => {
    const own = calls.filter((call) => call.kind === 'tool' && call.service === service)
    return useOf(name, meanInUse(own, window, capacity), capacity, 'calls')
  })
}

/** Cores in use from which on work waits for them. */
const busyCores = 0.9
/** What is used beyond the file's word for it, before that is taken to be wrong. */
const beyondWord = 1.1

/** As many event loops as the file says, on as many cores; all that the machine has where the agent uses more. */
function cpuOf(
  { agent }: Workload,
  { cores, ofCores }: NonNullable<ServiceUseInput['cpu']>,
): { readonly name: string; readonly limit: number } {
  const said = Math.min(coresOf(agent), ofCores)
  return {
    name: Number.isFinite(agent.workers) ? 'event loop' : 'agent CPU',
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
function meanInUse(spans: Iterable<Span>, window: MeasuredWindow, atMost: number): number {
  const fromMs = window.warmupMs
  const untilMs = fromMs + window.measuredMs
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
