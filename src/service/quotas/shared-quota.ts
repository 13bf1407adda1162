import type { Quota } from '../quota.ts'
import type { Exclusively } from '../shared-lock.ts'

/** A quota whose state other threads hold too: each of its steps is whole before another thread's begins. */
export function sharedQuota(quota: Quota, exclusively: Exclusively): Quota {
  return {
    stateLength: quota.stateLength,
    reset: (atMs) => exclusively(() => quota.reset(atMs)),
    admit: (atMs, demand) => exclusively(() => quota.admit(atMs, demand)),
    generate: (atMs, tokens) => exclusively(() => quota.generate(atMs, tokens)),
    settle: (atMs, demand, usage) => exclusively(() => quota.settle(atMs, demand, usage)),
    level: (atMs) => exclusively(() => quota.level(atMs)),
    status: (atMs) => exclusively(() => quota.status(atMs)),
  }
}
