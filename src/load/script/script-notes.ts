import { type MeasuredWindow, isMeasured } from '../../result/measured-window.ts'
import type { ScriptSample, TurnRecord } from '../../result/records.ts'
import type { ScriptSummary } from '../../result/script-summary.ts'
import { ScriptTally } from '../../result/script-tally.ts'
import type { ObjectiveResult } from '../../result/summary.ts'
import { isOnGolden, type MetricThreshold } from '../../workload/metric-threshold.ts'

/** What scripts noted in a run, until it is known which of it lies in the measured window. */
export class ScriptNotes {
  readonly #thresholds: readonly MetricThreshold[]
  readonly #samples: ScriptSample[] = []
  readonly #tagged: Readonly<TurnRecord>[] = []
  /** All so far, where a threshold may end the run. */
  readonly #soFar: ScriptTally | undefined

  constructor(thresholds: readonly MetricThreshold[]) {
    this.#thresholds = thresholds.filter((each) => !isOnGolden(each))
    if (thresholds.some(({ abort }) => abort)) this.#soFar = new ScriptTally(thresholds)
  }

  add(sample: ScriptSample): void {
    this.#samples.push(sample)
    this.#soFar?.add(sample)
  }

  addTurn(turn: Readonly<TurnRecord>): void {
    if (turn.tags) this.#tagged.push(turn)
  }

  /** A threshold that ends the run, and is missed over all so far. */
  readonly missed = (atMs: number): string | undefined =>
    this.#thresholds.find(
      (threshold) =>
        threshold.abort && atMs >= threshold.abort.afterMs && this.#soFar?.judge(threshold).pass === false,
    )?.text

  within(window: MeasuredWindow): {
    readonly script: ScriptSummary | undefined
    readonly objectives: readonly ObjectiveResult[]
  } {
    const isWithin = (atMs: number): boolean => isMeasured(window, atMs)
    const tally = new ScriptTally(this.#thresholds)
    for (const sample of this.#samples) if (isWithin(sample.atMs)) tally.add(sample)
    for (const turn of this.#tagged) if (isWithin(turn.endedAtMs)) tally.addTurn(turn)
    const isEmpty = this.#samples.length === 0 && this.#tagged.length === 0
    return {
      script: isEmpty ? undefined : tally.summary(window.measuredMs / 1000),
      objectives: this.#thresholds.map((threshold) => tally.judge(threshold)),
    }
  }
}
