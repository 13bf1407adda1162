import { fullEnough } from '../result/full-enough.ts'
import type { ServiceUse } from '../result/summary.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { perMinuteOf, termName, termUnit } from '../workload/quota-terms.ts'
import type { Workload } from '../workload/workload.ts'
import { coresOf } from '../workload/cores-of.ts'
import { callUse, mostRefused } from './phone/call-use.ts'
import type { Simulation } from './simulation.ts'
import { minuteMs } from '../workload/units.ts'

/** Every service that has a limit, and how much of it was in use over the window; the fullest one binds. */
export function serviceUse(workload: Workload, { agent, meter, calls, sound }: Simulation): ServiceUse[] {
  const { fromMs, toMs } = meter.window
  const minutes = (toMs - fromMs) / minuteMs
  const uses: Omit<ServiceUse, 'binding'>[] = []
  const add = (name: string, inUse: number, limit: number | undefined, unit: string): void => {
    if (limit !== undefined && limit < Infinity) uses.push({ name, utilisation: inUse / limit, limit, unit })
  }
  add('agent slots', agent.workers.busy.mean(toMs), agent.workers.slots.mean(toMs), 'turns')
  const servers = agent.servers.running.mean(toMs)
  const cores = agent.workers.cpuMs / (toMs - fromMs) + (sound?.cores(toMs) ?? 0)
  if (cores > 0) add('event loop', cores, coresOf(workload.agent) * servers, 'cores')
  const { store, models, tools } = agent
  if (store) add('state store', store.busy.mean(toMs), store.limit, 'operations')
  const there = workload.agent.workers * servers
  for (const [name, pool] of [
    ['model connections', models.connections],
    ['tool connections', tools.connections],
  ] as const)
    if (pool) add(name, pool.busy.mean(toMs), pool.size * there, 'calls')
  agent.tools.servers.forEach(({ busy }, i) => {
    const tool = workload.tools[i]!
    add(tool.name, busy.mean(toMs), tool.capacity, 'calls')
  })
  agent.models.endpoints.forEach(({ model, inEngine }, i) => {
    const quota = workload.models.length > 1 ? `${model.key} quota` : 'model quota'
    for (const [j, term] of (model.quota ? termsOf(model.quota) : []).entries())
      add(`${quota}, ${termName(term)}`, meter.asked[i]![j]! / minutes, perMinuteOf(term), termUnit(term))
    add(`${model.key} engine`, inEngine.mean(toMs), model.engine?.slots, 'calls')
  })
  if (calls) uses.push(...callUse(calls, meter.window))
  const fullest = Math.max(...uses.map((use) => use.utilisation))
  // Where nothing is full, a busy tone is all that is felt of a limit.
  const allowed = fullest < fullEnough ? 0 : (workload.phone?.blocked ?? 0)
  const refused = calls && mostRefused(calls, allowed)
  if (refused !== undefined) return uses.map((use) => ({ ...use, binding: use.name === refused }))
  return uses.map((use) => ({ ...use, binding: fullest > 0 && use.utilisation === fullest }))
}
