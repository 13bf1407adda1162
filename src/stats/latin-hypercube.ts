/**
 * `draws` points in the unit cube: along each dimension, one in the middle of each of as many equal slices, the slices
 * combined at random. Source: McKay, Beckman, Conover, Technometrics 21 (1979); midpoints after Park, J. Statist.
 * Plann. Inference 39 (1994). `uniform` answers a number in (0, 1) for a draw and a dimension.
 */
export function latinHypercube(
  draws: number,
  dimensions: number,
  uniform: (draw: number, dimension: number) => number,
): number[][] {
  const columns = Array.from({ length: dimensions }, (_, dimension) => {
    const order = Array.from({ length: draws }, (_, draw) => ({ draw, key: uniform(draw, dimension) }))
    return order.sort((a, b) => a.key - b.key).map(({ draw }) => (draw + 0.5) / draws)
  })
  return Array.from({ length: draws }, (_, draw) => columns.map((column) => column[draw]!))
}
