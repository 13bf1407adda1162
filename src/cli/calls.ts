import { isCallDriverName } from '../load/drivers/call-driver-names.ts'
import { erlangB } from '../plan/formulas/erlang-b.ts'
import { planPhone } from '../plan/phone/plan-phone.ts'
import type { Capacity } from '../result/capacity.ts'
import { formatCount, formatShare } from '../result/figure-text.ts'
import type { Summary } from '../result/summary.ts'
import { wilsonInterval } from '../stats/wilson.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import { driverName } from './measured-runner.ts'

/** Whether measured runs of the file are calls by telephone. */
export function isPlayedAsCalls(workload: Workload): boolean {
  if (!isCallDriverName(driverName(workload))) return false
  if (workload.phone) return true
  throw new UserError('the driver of the target brings calls, and the file describes none', {
    hint: 'phone: { calls: 100/min, duration: 3m, blocked: 1% }',
  })
}

/** Sound lasts as long as it lasts. */
export function requireRealTime(workload: Workload, speed: number): void {
  if (speed === 1 || !isPlayedAsCalls(workload)) return
  throw new UserError('calls are played in real time: a frame of sound is 20 ms at any speed', {
    hint: 'leave --speed out; --duration and --warm-up make a run shorter',
  })
}

/** The algebra beside a search by real calls. */
export function callNotes(workload: Workload, { level, unbounded }: Capacity): string[] {
  const binding = planPhone(workload, 1)?.chain.binding
  if (unbounded || !('sessionsPerSecond' in level)) return ['plan: no vendor of the file has a limit.']
  const by = binding === undefined ? '' : `, bound by ${binding}`
  return [`plan: the vendors carry ${formatCount(level.sessionsPerSecond * 60)} calls/min${by}.`]
}

/** The busy tones of a measured run beside what Erlang’s formula makes of its calls; nothing where no formula fits. */
export function blockedNotes({ phone }: Workload, { phone: seen, window }: Summary): string[] {
  const carrier = phone?.vendors.find(({ part }) => part === 'carrier')
  const holdMs = (seen?.durationMs?.mean ?? NaN) + (seen?.setUpMs?.mean ?? NaN)
  if (!carrier || !seen || !window || carrier.starts || !(holdMs > 0) || !Number.isFinite(carrier.concurrent))
    return []
  const channels = Math.floor(carrier.concurrent / carrier.perCall)
  const { offered, ended } = seen.calls
  const blocked = seen.calls.blocked - seen.calls.blockedByAgent
  const erlangs = (offered / window.measuredMs) * holdMs
  const [low, high] = wilsonInterval(blocked / ended, ended).map(formatShare)
  return [
    `carrier: ${formatCount(erlangs)} erlangs on ${channels} channels; Erlang B blocks ${formatShare(erlangB(channels, erlangs))}, measured were ${formatShare(blocked / ended)} (${low} to ${high}).`,
  ]
}
