export interface Observation {
  readonly level: number
  readonly share: number
  readonly count: number
  readonly allowed: number
}

/** Where a weighted logistic line of the exceedance share through the observations crosses what is allowed. */
export function crossing(
  points: readonly Observation[],
): { value: number; low: number; high: number } | undefined {
  if (points.length < 3) return undefined
  const logit = (p: number): number => Math.log(p / (1 - p))
  const target = logit(points[0]!.allowed)
  let sw = 0
  let sx = 0
  let sy = 0
  let sxx = 0
  let sxy = 0
  const rows = points.map(({ level, share, count }) => {
    const n = Math.min(count, 2000)
    const p = (share * n + 0.5) / (n + 1)
    // Far from the boundary the line need not be one: what lies near it counts.
    const distance = logit(p) - target
    const weight = (n * p * (1 - p)) / (1 + distance * distance)
    return { x: level, y: logit(p), weight }
  })
  for (const { x, y, weight } of rows) {
    sw += weight
    sx += weight * x
    sy += weight * y
    sxx += weight * x * x
    sxy += weight * x * y
  }
  const det = sw * sxx - sx * sx
  const slope = (sw * sxy - sx * sy) / det
  const intercept = (sy - slope * sx) / sw
  const value = (target - intercept) / slope
  const levels = points.map(({ level }) => level)
  if (!(slope > 0) || value > 1.3 * Math.max(...levels) || value < 0.5 * Math.min(...levels)) return undefined
  const residual = rows.reduce((sum, { x, y, weight }) => sum + weight * (y - intercept - slope * x) ** 2, 0)
  const dispersion = Math.max(1, residual / Math.max(1, rows.length - 2))
  const variance = (dispersion / slope ** 2) * (1 / sw + (value - sx / sw) ** 2 / (sxx - (sx * sx) / sw))
  const half = 1.96 * Math.sqrt(variance)
  return { value, low: value - half, high: value + half }
}
