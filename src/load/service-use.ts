import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { ServiceUse } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'

export interface ServiceUseInput {
  readonly workload: Workload
  readonly turns: readonly Readonly<TurnRecord>[]
  readonly calls: readonly Readonly<CallRecord>[]
  readonly window: { readonly warmupMs: number; readonly measuredMs: number }
}

/**
 * How much of each limit of the file was in use over the window, as seen from outside the agent. Slots of the agent
 * are the file's word for it; a quota's use is what admitted calls were settled at.
 */
export function serviceUse({ workload, turns, calls, window }: ServiceUseInput): ServiceUse[] {
  const fromMs = window.warmupMs
  const untilMs = fromMs + window.measuredMs
  const minutes = window.measuredMs / 60_000
  if (!(minutes > 0)) return []
  const uses: Omit<ServiceUse, 'binding'>[] = []
  const use = (name: string, used: number, limit: number, unit: string): void => {
    if (Number.isFinite(limit) && limit > 0) uses.push({ name, utilisation: used / limit, limit, unit })
  }
  const inUse = (records: readonly { sentAtMs: number; endedAtMs: number }[]): number =>
    records.reduce(
      (sum, { sentAtMs, endedAtMs }) =>
        sum + Math.max(0, Math.min(endedAtMs, untilMs) - Math.max(sentAtMs, fromMs)),
      0,
    ) / window.measuredMs

  const { agent } = workload
  use('agent', inUse(turns), agent.workers * agent.concurrency, 'turns')
  workload.models.forEach((model, service) => {
    const own = calls.filter((call) => call.kind === 'model' && call.service === service)
    const admitted = own.filter((call) => call.outcome !== 'rejected')
    const ended = admitted.filter((call) => call.endedAtMs >= fromMs && call.endedAtMs < untilMs)
    const begun = admitted.filter((call) => call.sentAtMs >= fromMs && call.sentAtMs < untilMs)
    const tokens = ended.reduce((sum, call) => sum + call.inputTokens + call.outputTokens, 0)
    use(`${model.key} quota`, tokens / minutes, model.quota?.tokensPerMinute ?? Infinity, 'tokens/min')
    use(
      `${model.key} quota`,
      begun.length / minutes,
      model.quota?.requestsPerMinute ?? Infinity,
      'requests/min',
    )
    use(`${model.key} engine`, inUse(admitted), model.engine?.slots ?? Infinity, 'calls')
  })
  workload.tools.forEach((tool, service) => {
    const own = calls.filter((call) => call.kind === 'tool' && call.service === service)
    use(tool.name, inUse(own), tool.capacity, 'calls')
  })
  const most = Math.max(...uses.map((each) => each.utilisation))
  return uses.map((each) => ({ ...each, binding: each.utilisation === most }))
}
