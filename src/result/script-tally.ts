import { Tally } from '../stats/tally.ts'
import type { MetricThreshold } from '../workload/metric-threshold.ts'
import { distsOf } from './dist.ts'
import { restOf } from './judge.ts'
import { judgeMetric, type ScriptValues } from './judge-metric.ts'
import type { ScriptSample, Tags, TurnRecord } from './records.ts'
import type { CustomMetric, ScriptSummary, ShareSummary, TaggedTurns } from './script-summary.ts'
import type { ObjectiveResult } from './summary.ts'

/** Tags are for telling apart a few kinds, not for naming every user: beyond so many, values are not told apart. */
const mostTags = 200

/** Checks, measures and tagged turns of a script, as they come; bounded by how many names there are. */
export class ScriptTally {
  /** By kind and name, the tag behind it: `trend my_trend{plan:pro}`. */
  readonly #values = new Map<string, KeptValues>()
  readonly #turns = new Map<string, TagTally>()
  readonly #allChecks = new Map<string, KeptValues>()
  /** Every sample has a scenario; only those that somebody asks for are told apart. */
  readonly #scenarioTags: ReadonlySet<string | undefined>

  constructor(thresholds: readonly MetricThreshold[]) {
    this.#scenarioTags = new Set(thresholds.map(({ tag }) => tag))
  }

  add({ kind, name, value, scenario, tags }: ScriptSample): void {
    const ofScenario = `scenario:${scenario}`
    for (const tag of ['', ...tagsOf(tags), ...(this.#scenarioTags.has(ofScenario) ? [ofScenario] : [])]) {
      this.#of(this.#values, kind, keyOf(name, tag))?.add(value)
      if (kind === 'check') this.#of(this.#allChecks, kind, keyOf('checks', tag))?.add(value)
    }
  }

  addTurn(turn: Readonly<TurnRecord>): void {
    for (const tag of tagsOf(turn.tags)) {
      const known = this.#turns.get(tag)
      const turns = known ?? (this.#turns.size < mostTags ? new TagTally() : undefined)
      if (turns && !known) this.#turns.set(tag, turns)
      turns?.add(turn)
    }
  }

  summary(seconds: number): ScriptSummary {
    const checks: Record<string, ShareSummary> = {}
    const metrics: Record<string, CustomMetric> = {}
    for (const [key, values] of this.#values) {
      if (values.kind === 'check') checks[key] = shareOf(values)
      else metrics[key] = metricOf(values, seconds)
    }
    const tags: Record<string, TaggedTurns> = {}
    for (const [tag, turns] of this.#turns) tags[tag] = turns.summary()
    return {
      ...(Object.keys(checks).length > 0 ? { checks } : {}),
      ...(Object.keys(metrics).length > 0 ? { metrics } : {}),
      ...(this.#turns.size > 0 ? { tags } : {}),
    }
  }

  judge(threshold: MetricThreshold): ObjectiveResult {
    const key = keyOf(threshold.metricName, threshold.tag ?? '')
    return judgeMetric(threshold, this.#allChecks.get(key) ?? this.#values.get(key))
  }

  #of(all: Map<string, KeptValues>, kind: ScriptSample['kind'], key: string): KeptValues | undefined {
    const known = all.get(key)
    if (known) return known
    if (all.size >= mostTags * 10) return undefined
    const values = new KeptValues(kind)
    all.set(key, values)
    return values
  }
}

/** All values of one name. */
class KeptValues implements ScriptValues {
  readonly kind: ScriptSample['kind']
  readonly values = new Tally()
  /** 1 where a check or a rate was not so. */
  readonly misses = new Tally([0])
  sum = 0
  min = Infinity

  constructor(kind: ScriptSample['kind']) {
    this.kind = kind
  }

  add(value: number): void {
    this.sum += value
    this.min = Math.min(this.min, value)
    if (this.kind === 'check' || this.kind === 'rate') this.misses.add(1 - value)
    else if (this.kind === 'trend') this.values.add(value)
  }
}

class TagTally {
  readonly #turnMs = new Tally()
  readonly #ttftMs = new Tally()
  #completed = 0
  #ended = 0

  add({ outcome, sentAtMs, firstTokenAtMs, endedAtMs }: Readonly<TurnRecord>): void {
    this.#ended++
    if (outcome !== 'completed') return
    this.#completed++
    this.#turnMs.add(endedAtMs - sentAtMs)
    if (!Number.isNaN(firstTokenAtMs)) this.#ttftMs.add(firstTokenAtMs - sentAtMs)
  }

  summary(): TaggedTurns {
    return {
      completed: this.#completed,
      errorRate: 1 - this.#completed / this.#ended,
      ...distsOf({ turnMs: this.#turnMs, ttftMs: this.#ttftMs }),
    }
  }
}

function shareOf({ misses }: KeptValues): ShareSummary {
  const { share, low, high } = restOf(misses.shareAbove(0))
  return { share, ci95: [low, high], count: misses.count }
}

function metricOf(values: KeptValues, seconds: number): CustomMetric {
  if (values.kind === 'rate') return { kind: 'rate', ...shareOf(values) }
  if (values.kind === 'trend') return { kind: 'trend', dist: distsOf({ dist: values.values }).dist! }
  return { kind: 'count', sum: values.sum, perSecond: values.sum / seconds }
}

const keyOf = (name: string, tag: string): string => (tag === '' ? name : `${name}{${tag}}`)

const tagsOf = (tags: Tags | undefined): string[] =>
  Object.entries(tags ?? {}).map(([name, value]) => `${name}:${value}`)
