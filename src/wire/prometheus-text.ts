/**
 * Reads Prometheus's text format: each metric with its samples added up over their labels, so that several processes of
 * one server count together. Lines that are none are left out.
 */
export function metricSums(text: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const line of text.split('\n')) {
    const [, name, value] = sample.exec(line) ?? []
    const number = Number(value)
    if (name !== undefined && Number.isFinite(number)) sums.set(name, (sums.get(name) ?? 0) + number)
  }
  return sums
}

/** `name{label="a \"b\""} 1.5 1700000000`; quoted values may hold braces. */
const sample = /^\s*([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(?:[^"}]|"(?:[^"\\]|\\.)*")*\})?\s+(\S+)(?:\s+-?\d+)?\s*$/
