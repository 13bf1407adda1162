import { valueAt } from './explain.ts'
import type { PlacedProblem } from './problem.ts'

/** A burst is told in tokens or in calls. */
export function checkPeak(root: unknown): PlacedProblem[] {
  const path = ['users', 'peak', 'burst']
  const burst = valueAt(root, path)
  if (typeof burst !== 'object' || burst === null) return []
  const told = ['tokens', 'calls'].filter((key) => valueAt(burst, [key]) !== undefined)
  if (told.length === 1) return []
  const message = `users.peak.burst: ${told.length === 0 ? 'says neither tokens nor calls' : 'tokens and calls exclude each other'}`
  return [{ code: 'contradiction', message, hint: 'such as { tokens: 70k/s } or { calls: 20/s }', path }]
}
