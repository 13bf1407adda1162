import type { Dependency } from '../dependency.ts'
import { MetricsText } from '../metrics-text.ts'

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
    const text = new MetricsText()
    const by = (label: string, counts: ReadonlyMap<string, number>): string[] =>
      [...counts].map(([name, count]) => `{${label}="${name}"} ${count}`)
    text.value('calls', 'gauge', 'Calls on the line.', now.serving)
    text.value('calls_on_hold', 'gauge', 'Callers who wait for a place.', now.holding)
    text.samples('calls_total', 'counter', 'Calls by how they ended.', by('ending', this.#endings))
    text.samples('stopgaps_total', 'counter', 'Canned sentences.', by('said', this.#stopgaps))
    text.value('barge_ins_total', 'counter', 'Answers that callers spoke into.', this.#bargeIns)
    text.value('unanswered_total', 'counter', 'Callers’ turns that got no sound.', this.#silences)
    text.value('aside_forgotten_total', 'counter', 'Log entries given up.', now.forgotten)
    if (now.dependencies.length > 0) addDependencies(text, now.dependencies)
    return text.toString()
  }
}

function addDependencies(text: MetricsText, dependencies: readonly Dependency[]): void {
  const each = (value: (dependency: Dependency) => number): string[] =>
    dependencies.map((dependency) => `{dependency="${dependency.name}"} ${value(dependency)}`)
  const isOpen = each((dependency) => Number(dependency.isOpen))
  const asked = each(({ counts }) => counts.asked)
  const refused = each(({ counts }) => counts.refused)
  const failed = each(({ counts }) => counts.failed)
  text.samples('dependency_open', 'gauge', 'Whether its breaker is open.', isOpen)
  text.samples('dependency_calls_total', 'counter', 'Calls.', asked)
  text.samples('dependency_refused_total', 'counter', 'By its breaker.', refused)
  text.samples('dependency_failed_total', 'counter', 'Failed or late.', failed)
}
