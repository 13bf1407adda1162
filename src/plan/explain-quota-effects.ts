import type { Derivation } from '../result/derivation.ts'
import { input } from './explain-figures.ts'
import { quotaEffects } from './quota-effects.ts'
import type { Workload } from '../workload/workload.ts'

/** What max_tokens, the cache and a bucket's depth cost or save at the capacity. */
export function quotaEffectDerivations(workload: Workload, users: number): Derivation[] {
  const source = 'the file with the change, solved like itself; how the quota counts: its preset'
  return quotaEffects(workload, users).flatMap(({ name, reservation, caching, depth }) => [
    ...(reservation
      ? [
          {
            figure: `users lost to max_tokens of ${name}`,
            formula: 'users, were max_tokens what 99 % of the answers keep to, − users',
            inputs: [
              ...input('held back for a call', reservation.maxTokens, 'tokens'),
              ...input('used by a call', reservation.meanOutput, 'tokens'),
              ...input('99 % of the answers keep to', reservation.enough, 'tokens'),
              ...input('users then', reservation.users, 'users'),
              ...input('calls in flight at most', reservation.callsInFlight, 'calls'),
            ],
            result: reservation.usersLost,
            unit: 'users',
            source,
            exact: false,
          },
        ]
      : []),
    ...(caching
      ? [
          {
            figure: `users gained by the cache of ${name}`,
            formula: 'users − users without a cache',
            inputs: [
              ...input('share of the input', caching.share, 'share'),
              ...input('users without', caching.users, 'users'),
            ],
            result: caching.usersGained,
            unit: 'users',
            source,
            exact: false,
          },
        ]
      : []),
    ...(depth
      ? [
          {
            figure: `users by the depth of ${name}`,
            formula: 'the capacity with the bucket as shallow and as deep as is plausible',
            inputs: [
              ...input('assumed', depth.assumedMs, 'ms'),
              ...input('shallow', depth.lowMs, 'ms'),
              ...input('users then', depth.lowUsers, 'users'),
              ...input('deep', depth.highMs, 'ms'),
              ...input('users so', depth.highUsers, 'users'),
            ],
            result: users,
            unit: 'users',
            source,
            exact: false,
          },
        ]
      : []),
  ])
}
