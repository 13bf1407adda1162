import { lowerGamma } from '../../stats/incomplete-gamma.ts'

/**
 * Share of Poisson arrivals beyond the first `room` of each window, at `offered` arrivals a window: what a counter that
 * starts again every window refuses. E[(N − c)⁺] = m·P(N ≥ c) − c·P(N ≥ c + 1), where P(N ≥ c) is the regularised
 * lower gamma function P(c, m); it interpolates between whole numbers. Tends to 1 − c/m above the limit.
 */
export function windowOverflow(room: number, offered: number): number {
  if (offered <= 0) return 0
  if (room <= 0) return 1
  const beyond = offered * lowerGamma(room, offered) - room * lowerGamma(room + 1, offered)
  return Math.min(1, Math.max(0, beyond / offered))
}
