import { monotonicMs } from '../clock/now.ts'
import type { ServerUse } from '../result/summary.ts'

/** What the agent's processes use, as somebody who watches them tells. */
export interface ServerSample {
  /** Since they began. */
  readonly cpuSeconds: number
  readonly rssBytes: number
  readonly sockets?: number
  readonly openFiles?: number
}

interface Seen extends ServerSample {
  readonly atMs: number
}

/** Watches the agent's processes: idle before the load, then over the measured window. A look that fails is none. */
export class ServerMeter {
  readonly #look: () => Promise<ServerSample>
  readonly #idle: Promise<Seen | undefined>
  #window: Promise<Seen | undefined>[] = []

  constructor(look: () => Promise<ServerSample>) {
    this.#look = look
    this.#idle = this.#sample()
    this.#window = [this.#idle]
  }

  /** The measured window begins. */
  restart(): void {
    this.#window = [this.#sample()]
  }

  tick(): void {
    this.#window.push(this.#sample())
  }

  /** The window's end. `turns` ended in it, and `users` were there on average. */
  async read(turns: number, users: number | undefined): Promise<ServerUse | undefined> {
    this.tick()
    const idle = await this.#idle
    const seen = (await Promise.all(this.#window)).filter((each) => each !== undefined)
    const [first, last] = [seen[0], seen.at(-1)]
    if (!first || !last || last.atMs <= first.atMs) return undefined
    const cpuSeconds = last.cpuSeconds - first.cpuSeconds
    const meanRss = seen.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / seen.length
    const grown = idle === undefined ? undefined : meanRss - idle.rssBytes
    const most = (of: 'sockets' | 'openFiles'): Partial<Record<typeof of, number>> => {
      const values = seen.flatMap((each) => each[of] ?? [])
      return values.length > 0 ? { [of]: Math.max(...values) } : {}
    }
    return {
      cpuCores: cpuSeconds / ((last.atMs - first.atMs) / 1000),
      ...(turns > 0 ? { cpuMsPerTurn: (cpuSeconds * 1000) / turns } : {}),
      rssBytes: meanRss,
      rssPeakBytes: Math.max(...seen.map(({ rssBytes }) => rssBytes)),
      ...(grown !== undefined && users !== undefined && users > 0 ? { rssBytesPerUser: grown / users } : {}),
      ...most('sockets'),
      ...most('openFiles'),
    }
  }

  async #sample(): Promise<Seen | undefined> {
    try {
      return { ...(await this.#look()), atMs: monotonicMs() }
    } catch {
      return undefined
    }
  }
}
