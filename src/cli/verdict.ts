import type { Capacity } from '../result/capacity.ts'
import type { VerdictLine } from '../result/run.ts'
import { verdict } from '../result/verdict.ts'
import { levelValue } from '../workload/level.ts'
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
  // Where not one user is carried, the algebra knows what would help only if it misses the same.
  const isOther =
    solved &&
    levelValue(main.level) === 0 &&
    levelValue(solved.level) > 0 &&
    main.brokenBy !== solved.brokenBy
  const asked = isOther ? undefined : solved
  return {
    ...main,
    ...(next ? { next } : {}),
    ...(solved?.serverAlone ? { serverAlone: solved.serverAlone } : {}),
    ...(asked?.advice ? { advice: asked.advice } : {}),
    ...(asked?.pairs ? { pairs: asked.pairs } : {}),
    ...(asked?.sensitivity ? { sensitivity: asked.sensitivity } : {}),
    ...(solved?.uncertainty ? { uncertainty: solved.uncertainty } : {}),
  }
}
