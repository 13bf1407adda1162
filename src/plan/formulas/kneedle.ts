/**
 * The x at which a rising, flattening curve bends most: where it lies highest above the straight line between
 * its ends. A matter of shape alone, no service level; undefined where the curve never lies above that line.
 *
 * Source: Satopää, Albrecht, Irwin, Raghavan, Finding a "kneedle" in a haystack, ICDCS workshops (2011),
 * unsmoothed.
 */
export function kneedle(points: readonly (readonly [x: number, y: number])[]): number | undefined {
  const [firstX, firstY] = points[0]!
  const [lastX, lastY] = points.at(-1)!
  let knee: number | undefined
  let highest = 0
  for (const [x, y] of points) {
    const above = (y - firstY) / (lastY - firstY) - (x - firstX) / (lastX - firstX)
    if (above > highest) [highest, knee] = [above, x]
  }
  return knee
}
