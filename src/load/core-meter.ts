import { monotonicMs } from '../clock/now.ts'

/** Cores that another process uses, from its CPU seconds. A sample that fails is no measurement. */
export class CoreMeter {
  readonly #cpuSeconds: () => Promise<number>
  #start: Promise<{ cpu: number; atMs: number } | undefined>

  constructor(cpuSeconds: () => Promise<number>) {
    this.#cpuSeconds = cpuSeconds
    this.#start = this.#sample()
  }

  /** The measured window begins. */
  restart(): void {
    this.#start = this.#sample()
  }

  async read(): Promise<number | undefined> {
    const [start, end] = await Promise.all([this.#start, this.#sample()])
    if (!start || !end || end.atMs <= start.atMs) return undefined
    return (end.cpu - start.cpu) / ((end.atMs - start.atMs) / 1000)
  }

  async #sample(): Promise<{ cpu: number; atMs: number } | undefined> {
    try {
      return { cpu: await this.#cpuSeconds(), atMs: monotonicMs() }
    } catch {
      return undefined
    }
  }
}
