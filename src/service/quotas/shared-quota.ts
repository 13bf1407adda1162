import type { Quota } from '../quota.ts'
import type { Exclusively } from '../shared-lock.ts'

/**
 * A quota whose state other threads hold too: each of its steps is whole before another thread's begins. The instant of
 * a step is not of that state; each thread notes its own.
 */
export function sharedQuota(quota: Quota, exclusively: Exclusively): Quota {
  const shared: Quota = {
    stateLength: quota.stateLength,
    at(atMs) {
      quota.at(atMs)
      return shared
    },
    reset: () => exclusively(() => quota.reset()),
    admit: (demand) => exclusively(() => quota.admit(demand)),
    generate: (tokens) => exclusively(() => quota.generate(tokens)),
    settle: (demand, usage) => exclusively(() => quota.settle(demand, usage)),
    level: () => exclusively(() => quota.level()),
    status: () => exclusively(() => quota.status()),
  }
  return shared
}
