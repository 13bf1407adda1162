import type { KeptMessage } from './messages.ts'

export interface Session {
  readonly id: string
  readonly history: KeptMessage[]
  /** Number of the next turn. */
  turns: number
  /** Index of the scenario that its first message named. */
  scenario: number | undefined
  usedAtMs: number
}

export interface SessionLimits {
  /** Sessions held at once; beyond it the one that was not used for longest is forgotten. */
  readonly sessions: number
  readonly idleMs: number
  /** Messages kept of a session whose workload sets no window. */
  readonly messages: number
}

/** The conversations that the agent remembers: bounded in number, in age and each in length. */
export class SessionStore {
  readonly #limits: SessionLimits
  readonly #isBusy: (id: string) => boolean
  /** In order of use, the longest unused first. */
  readonly #sessions = new Map<string, Session>()

  constructor(limits: SessionLimits, isBusy: (id: string) => boolean) {
    this.#limits = limits
    this.#isBusy = isBusy
  }

  get size(): number {
    return this.#sessions.size
  }

  /** Opens a session; undefined when there is no room, because all that there are have a turn at work. */
  open(id: string, atMs: number): Session | undefined {
    this.#forgetIdle(atMs)
    if (this.#sessions.size >= this.#limits.sessions && !this.#forgetOne()) return undefined
    const session: Session = { id, history: [], turns: 0, scenario: undefined, usedAtMs: atMs }
    this.#sessions.set(id, session)
    return session
  }

  use(id: string, atMs: number): Session | undefined {
    const session = this.#sessions.get(id)
    if (!session) return undefined
    session.usedAtMs = atMs
    this.#sessions.delete(id)
    this.#sessions.set(id, session)
    return session
  }

  close(id: string): boolean {
    return this.#sessions.delete(id)
  }

  /** Adds a finished turn and keeps the last `window` messages. */
  remember(session: Session, question: KeptMessage, answer: KeptMessage, window: number): void {
    session.history.push(question, answer)
    const keep = Math.min(window, this.#limits.messages)
    if (session.history.length > keep) session.history.splice(0, session.history.length - keep)
  }

  #forgetIdle(atMs: number): void {
    for (const session of this.#sessions.values()) {
      if (atMs - session.usedAtMs <= this.#limits.idleMs) return
      if (!this.#isBusy(session.id)) this.#sessions.delete(session.id)
    }
  }

  #forgetOne(): boolean {
    for (const id of this.#sessions.keys()) {
      if (this.#isBusy(id)) continue
      return this.#sessions.delete(id)
    }
    return false
  }
}
