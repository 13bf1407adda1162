import { monotonicMs } from '../clock/now.ts'
import { type SoakLimits, type SoakSummary, soakOf } from '../result/soak.ts'
import type { ServerUse } from '../result/summary.ts'

/** What the agent's processes use, as somebody who watches them tells. */
export interface ServerSample {
  /** Since they began. */
  readonly cpuSeconds: number
  readonly rssBytes: number
  readonly sockets?: number
  readonly openFiles?: number
}

const usualEveryMs = 2000
/** A soak is told from the lowest of several looks: of a short one there must be enough all the same. */
const soakLooks = 200
const fewestBetweenMs = 50

/** Wall time between two looks in a run of so much workload time. */
export function lookEveryMs(
  {
    soak,
    warmupMs,
    speed,
  }: { readonly soak?: SoakLimits; readonly warmupMs: number; readonly speed: number },
  lengthMs: number,
): number {
  const wallMs = (lengthMs - warmupMs) / speed
  return soak ? Math.min(usualEveryMs, Math.max(fewestBetweenMs, wallMs / soakLooks)) : usualEveryMs
}

interface Seen extends ServerSample, SessionsNow {
  readonly atMs: number
}

/** Sessions at the instant of a look: closed since the run began, and under way. */
export interface SessionsNow {
  readonly closed: number
  readonly open: number
}

/** Watches the agent's processes: idle before the load, then over the measured window. A look that fails is none. */
export class ServerMeter {
  readonly #look: () => Promise<ServerSample>
  readonly #sessions: () => SessionsNow
  readonly #idle: Promise<Seen | undefined>
  #window: Promise<Seen | undefined>[] = []

  constructor(
    look: () => Promise<ServerSample>,
    sessions: () => SessionsNow = () => ({ closed: 0, open: 0 }),
  ) {
    this.#look = look
    this.#sessions = sessions
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

  /** The window's end. `turns` ended in it, and so many users were there: undefined of open load, NaN where they came and went. */
  async read(turns: number, users: number | undefined): Promise<ServerUse | undefined> {
    this.tick()
    const idle = await this.#idle
    const seen = (await Promise.all(this.#window)).filter((each) => each !== undefined)
    const [first, last] = [seen[0], seen.at(-1)]
    if (!first || !last || last.atMs <= first.atMs) return undefined
    const cpuSeconds = last.cpuSeconds - first.cpuSeconds
    const closed = last.closed - first.closed
    const meanRss = seen.reduce((sum, { rssBytes }) => sum + rssBytes, 0) / seen.length
    const openSessions = seen.reduce((sum, { open }) => sum + open, 0) / seen.length
    const grown = idle === undefined ? undefined : meanRss - idle.rssBytes
    const most = (of: 'sockets' | 'openFiles'): Partial<Record<typeof of, number>> => {
      const values = seen.flatMap((each) => each[of] ?? [])
      return values.length > 0 ? { [of]: Math.max(...values) } : {}
    }
    return {
      cpuCores: cpuSeconds / ((last.atMs - first.atMs) / 1000),
      ...(turns > 0 ? { cpuMsPerTurn: (cpuSeconds * 1000) / turns } : {}),
      ...(closed > 0 ? { cpuMsPerSession: (cpuSeconds * 1000) / closed } : {}),
      rssBytes: meanRss,
      rssPeakBytes: Math.max(...seen.map(({ rssBytes }) => rssBytes)),
      ...(grown !== undefined && users !== undefined && users > 0 ? { rssBytesPerUser: grown / users } : {}),
      ...(grown !== undefined && users === undefined && openSessions >= 1
        ? { rssBytesPerSession: grown / openSessions }
        : {}),
      ...most('sockets'),
      ...most('openFiles'),
    }
  }

  /** What each closed session has left behind, over the window. */
  async soak(limits: SoakLimits | undefined): Promise<SoakSummary | undefined> {
    if (!limits) return undefined
    const seen = await Promise.all(this.#window)
    return soakOf(
      seen.filter((each) => each !== undefined),
      limits,
    )
  }

  async #sample(): Promise<Seen | undefined> {
    try {
      return { ...(await this.#look()), atMs: monotonicMs(), ...this.#sessions() }
    } catch {
      return undefined
    }
  }
}
