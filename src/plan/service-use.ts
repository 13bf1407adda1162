import type { ServiceUse } from '../result/summary.ts'
import { termsOf } from '../workload/provider-quota.ts'
import { perMinuteOf, termName, termUnit } from '../workload/quota-terms.ts'
import type { Model, Workload } from '../workload/workload.ts'
import { minuteMs } from '../workload/units.ts'
import { coresOf } from '../workload/cores-of.ts'
import type { AgentState } from './agent-state.ts'
import type { TurnDemand } from './demand.ts'
import { engineSlots } from './engine-slots.ts'
import { chargesOf } from './quota-pressure.ts'

/** Every service that has a limit, and how much of it is in use; the fullest one binds. */
export function servicesOf(workload: Workload, demand: TurnDemand, state: AgentState): ServiceUse[] {
  const { agent } = workload
  const turnsPerMs = state.admittedPerMs
  const uses: Omit<ServiceUse, 'binding'>[] = []
  const add = (name: string, inUse: number, limit: number, unit: string): void => {
    if (Number.isFinite(limit)) uses.push({ name, utilisation: inUse / limit, limit, unit })
  }
  add('agent slots', state.inService, state.slots, 'turns')
  if (demand.cpuMs > 0) add('event loop', turnsPerMs * demand.cpuMs * state.work, coresOf(agent), 'cores')
  for (const [index, calls] of demand.toolCalls) {
    const tool = workload.tools[index]!
    add(tool.name, turnsPerMs * calls * state.work * tool.latency.mean, tool.capacity, 'calls')
  }
  workload.models.forEach((model, i) => {
    const { calls } = demand.models[i]!
    if (calls === 0) return
    const triesPerMinute = state.triesPerMs[i]! * minuteMs
    if (model.quota)
      for (const term of termsOf(model.quota)) {
        const asked = triesPerMinute * chargesOf(term, model, demand.models[i]!).settled
        add(
          `${modelLabel(workload, model)} quota, ${termName(term)}`,
          asked,
          perMinuteOf(term),
          termUnit(term),
        )
      }
    if (model.engine) {
      const k = state.inner.stations.findIndex((each) => each.kind === 'engine' && each.index === i)
      const station = state.inner.stations[k]
      const slots = engineSlots(model, i, demand)
      if (station && Number.isFinite(slots)) {
        const inEngine = turnsPerMs * (state.inner.residenceMs(Math.max(1, state.inService))[k] ?? 0)
        const running = Math.min(inEngine, slots)
        const label = `${modelLabel(workload, model)} engine`
        if (slots === model.engine.slots) add(label, running, slots, 'calls')
        // The cache is full of as many calls as it holds on average.
        else
          add(
            `${label}, KV cache`,
            (running / slots) * model.engine.kvTokens!,
            model.engine.kvTokens!,
            'tokens',
          )
      }
    }
  })
  const fullest = Math.max(...uses.map((use) => use.utilisation))
  return uses.map((use) => ({ ...use, binding: use.utilisation === fullest }))
}

/** `model`, or the model's key where there are several. */
export function modelLabel(workload: Workload, model: Model): string {
  return workload.models.length > 1 ? model.key : 'model'
}
