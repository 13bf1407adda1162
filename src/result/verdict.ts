import type { Workload } from '../workload/workload.ts'
import type { Capacity } from './capacity.ts'
import type { InputCount, VerdictLine } from './run.ts'
import { breaksFirst, breaksNext } from './verdict/breaks.ts'
import { forUsers } from './verdict/for-users.ts'
import { callsText } from './verdict/calls-text.ts'
import { headline } from './verdict/headline.ts'
import { helpsMost } from './verdict/helps.ts'
import { howSure } from './verdict/how-sure.ts'
import { howWide } from './verdict/how-wide.ts'
import { toldLines } from './verdict/words.ts'

/** What the verdict is drawn from. */
export interface VerdictInput {
  readonly workload: Workload
  /** The answer to act on; its `next`, `advice` and `sensitivity` may come from the algebra. */
  readonly capacity: Capacity
  /** Every answer there is, the one to act on among them. */
  readonly capacities: readonly Capacity[]
  readonly inputs: InputCount
}

/** The answer in plain sentences for people, each only where its figures are known. */
export function verdict({ workload, capacity, capacities, inputs }: VerdictInput): VerdictLine[] {
  const first = { label: '', text: headline(workload, capacity) }
  if (capacity.invalid || workload.objectives.length === 0) return [first]
  const lines = toldLines([
    ['calls', callsText(capacity)],
    ['what breaks first', breaksFirst(workload, capacity)],
    ['what breaks next', breaksNext(capacity)],
    ['what helps most', helpsMost(capacity)],
    ['how wide', howWide(capacity)],
    ['how sure', howSure(capacity, capacities, inputs)],
  ])
  return [first, ...lines, ...forUsers(workload, capacity, capacities)]
}
