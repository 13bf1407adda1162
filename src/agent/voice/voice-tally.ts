import type { Dependency } from '../dependency.ts'

/** How a call ended, as the agent sees it. */
export type CallEnding = 'hung_up' | 'handed_off' | 'turned_away' | 'broken'

/** What the agent has said instead of an answer. */
export type Stopgap = 'filler' | 'sorry' | 'again'

/** What the agent has counted of its calls, as Prometheus text. */
export class VoiceTally {
  readonly #endings = new Map<CallEnding, number>()
  readonly #stopgaps = new Map<Stopgap, number>()
  #bargeIns = 0
  #silences = 0

  ended(ending: CallEnding): void {
    this.#endings.set(ending, (this.#endings.get(ending) ?? 0) + 1)
  }

  said(stopgap: Stopgap): void {
    this.#stopgaps.set(stopgap, (this.#stopgaps.get(stopgap) ?? 0) + 1)
  }

  bargedIn(): void {
    this.#bargeIns++
  }

  /** A caller has got no answer at all. */
  silence(): void {
    this.#silences++
  }

  text(now: {
    readonly serving: number
    readonly holding: number
    readonly forgotten: number
    readonly dependencies: readonly Dependency[]
  }): string {
    const lines: string[] = []
    const family = (name: string, type: string, help: string, samples: readonly string[]): void => {
      lines.push(`# HELP agent_${name} ${help}`, `# TYPE agent_${name} ${type}`)
      for (const sample of samples) lines.push(`agent_${name}${sample}`)
    }
    const of = (counts: ReadonlyMap<string, number>, label: string): string[] =>
      [...counts].map(([name, count]) => `{${label}="${name}"} ${count}`)
    const each = (value: (dependency: Dependency) => number): string[] =>
      now.dependencies.map((dependency) => `{dependency="${dependency.name}"} ${value(dependency)}`)
    family('calls', 'gauge', 'Calls on the line.', [` ${now.serving}`])
    family('calls_on_hold', 'gauge', 'Callers who wait for a place.', [` ${now.holding}`])
    family('calls_total', 'counter', 'Calls by how they ended.', of(this.#endings, 'ending'))
    family('stopgaps_total', 'counter', 'Canned sentences.', of(this.#stopgaps, 'said'))
    family('barge_ins_total', 'counter', 'Answers that callers spoke into.', [` ${this.#bargeIns}`])
    family('unanswered_total', 'counter', 'Callers’ turns that got no sound.', [` ${this.#silences}`])
    family('aside_forgotten_total', 'counter', 'Log entries given up.', [` ${now.forgotten}`])
    const { dependencies } = now
    if (dependencies.length > 0) {
      family(
        'dependency_open',
        'gauge',
        'Whether its breaker is open.',
        each(({ isOpen }) => Number(isOpen)),
      )
      family(
        'dependency_calls_total',
        'counter',
        'Calls.',
        each(({ counts }) => counts.asked),
      )
      family(
        'dependency_refused_total',
        'counter',
        'By its breaker.',
        each(({ counts }) => counts.refused),
      )
      family(
        'dependency_failed_total',
        'counter',
        'Failed or late.',
        each(({ counts }) => counts.failed),
      )
    }
    return `${lines.join('\n')}\n`
  }
}
