import { formatShare } from '../result/figure-text.ts'
import type { Summary } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'

const worthSaying = 0.01

/** Says where turns go unanswered that no objective counts: the times are those of the others only. */
export function unansweredNote({ objectives }: Workload, { errors, unstable }: Summary): string[] {
  const share = errors?.rate ?? 0
  if (unstable || share < worthSaying || objectives.some(({ metric }) => metric === 'errors')) return []
  return [
    `${formatShare(share)} of the turns go unanswered at this level, and no objective counts them: times are those of the others. Add "errors < 1%" to objectives.`,
  ]
}
