type MetricType = 'counter' | 'gauge' | 'histogram'

/** Writes what the agent has counted in Prometheus's text format, one metric after the other. */
export class MetricsText {
  readonly #lines: string[] = []

  /** A metric of one value. */
  value(name: string, type: MetricType, help: string, value: number): void {
    this.samples(name, type, help, [` ${value}`])
  }

  /** A metric of many; each sample is what stands after the metric's name: `{worker="0"} 0.5`. */
  samples(name: string, type: MetricType, help: string, samples: readonly string[]): void {
    this.#lines.push(`# HELP agent_${name} ${help}`, `# TYPE agent_${name} ${type}`)
    for (const sample of samples) this.#lines.push(`agent_${name}${sample}`)
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`
  }
}
