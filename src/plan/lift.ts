import type { ServiceUse } from '../result/summary.ts'
import { quotaWithout } from '../workload/provider-quota.ts'
import type { Workload } from '../workload/workload.ts'
import { modelLabel } from './service-use.ts'

/** The workload with the limit of one of its services taken away. */
export function lifted(workload: Workload, service: Pick<ServiceUse, 'name' | 'unit'>): Workload {
  const { agent } = workload
  if (service.name === 'agent slots') return { ...workload, agent: { ...agent, concurrency: Infinity } }
  if (service.name === 'event loop')
    return {
      ...workload,
      agent: { ...agent, overhead: { ...agent.overhead, cpuPerCallMs: 0, cpuPerTokenMs: 0 } },
    }
  return {
    ...workload,
    tools: workload.tools.map((tool) =>
      tool.name === service.name ? { ...tool, capacity: Infinity } : tool,
    ),
    models: workload.models.map((model) => {
      const own = `${modelLabel(workload, model)} `
      if (!service.name.startsWith(own)) return model
      if (service.name === `${own}engine, KV cache` && model.engine) {
        const { kvTokens: _, ...engine } = model.engine
        return { ...model, engine }
      }
      if (service.name.endsWith('engine') && model.engine)
        return { ...model, engine: { ...model.engine, slots: Infinity, decodeMs: 0, prefillMs: 0 } }
      if (!model.quota) return model
      return { ...model, quota: quotaWithout(model.quota, service.name.slice(`${own}quota, `.length)) }
    }),
  }
}

/** The workload with no limit of any provider. */
export function withoutQuotas(workload: Workload): Workload {
  return { ...workload, models: workload.models.map(({ quota: _, ...model }) => model) }
}
