import type { Capacity } from '../result/capacity.ts'
import type { VerdictLine } from '../result/run.ts'
import { verdict } from '../result/verdict.ts'
import type { Workload } from '../workload/workload.ts'
import { inputCount } from './inputs.ts'

/**
 * The verdict in plain sentences. The load line comes from the best answer there is (measured before simulated
 * before solved); what helps and what breaks next are solved by perturbing the file.
 */
export function verdictOf(
  workload: Workload,
  main: Capacity,
  capacities: readonly Capacity[],
): VerdictLine[] {
  return verdict({ workload, capacity: main, capacities, inputs: inputCount(workload) })
}

/** The answer that the verdict is drawn from: the most real one that is valid. */
export function mainCapacity(capacities: readonly Capacity[]): Capacity {
  const ranked = (['measured', 'simulated', 'solved'] as const).flatMap((origin) =>
    capacities.filter((capacity) => capacity.origin === origin && !capacity.invalid),
  )
  const solved = capacities.find(({ origin }) => origin === 'solved')
  const main = ranked[0] ?? capacities[0]!
  // Only the algebra can be asked what would happen if; its advice serves every answer, and what comes next does
  // where both name the same first.
  const next =
    main.next ?? (solved?.bottleneck?.service === main.bottleneck?.service ? solved?.next : undefined)
  return {
    ...main,
    ...(next ? { next } : {}),
    ...(solved?.serverAlone ? { serverAlone: solved.serverAlone } : {}),
    ...(solved?.advice ? { advice: solved.advice } : {}),
    ...(solved?.pairs ? { pairs: solved.pairs } : {}),
    ...(solved?.sensitivity ? { sensitivity: solved.sensitivity } : {}),
    ...(solved?.uncertainty ? { uncertainty: solved.uncertainty } : {}),
  }
}
