import type { Agent } from './workload.ts'

/** Cores of one server that its workers can keep busy: one each, as far as it has them. */
export const coresOf = ({ workers, server }: Pick<Agent, 'workers' | 'server'>): number =>
  Math.min(workers, server?.cpu ?? Infinity)
