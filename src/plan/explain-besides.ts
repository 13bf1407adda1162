import type { Capacity } from '../result/capacity.ts'
import type { Derivation } from '../result/derivation.ts'
import type { Workload } from '../workload/workload.ts'
import { backlogDerivations } from './explain-backlog.ts'
import { callLeverDerivations } from './explain-call-levers.ts'
import { peakDerivations } from './explain-peak.ts'
import { phoneDerivations } from './explain-phone.ts'
import { planPeak } from './peak/plan-peak.ts'
import { callCapacity } from './phone/call-capacity.ts'
import { planPhone } from './phone/plan-phone.ts'
import { planBacklog } from './plan-backlog.ts'

/** How the figures came about that a file asks for besides its users: calls by telephone, peaks, work that waits. */
export function explainBesides(
  workload: Workload,
  headroom: number,
  capacity: Capacity | undefined,
): Derivation[] {
  const backlog = capacity && planBacklog(workload, capacity)
  const peak = planPeak(workload)
  const phone = planPhone(workload, headroom)
  return [
    ...(backlog ? backlogDerivations(backlog) : []),
    ...(peak ? peakDerivations(peak) : []),
    ...(phone ? phoneDerivations(phone) : []),
    ...(workload.phone?.alone ? callLeverDerivations(callCapacity(workload, headroom)) : []),
  ]
}
