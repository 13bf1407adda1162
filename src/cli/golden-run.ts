import type { Proxies } from '../load/driver.ts'
import { isDriverName } from '../load/drivers/drivers.ts'
import { type AskGoldenOptions, askGolden } from '../load/golden/ask-golden.ts'
import type { GoldenAnswer } from '../result/golden.ts'
import { goldenObjectives, goldenOf } from '../result/golden.ts'
import type { Summary } from '../result/summary.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import type { GoldenFile } from './read-golden.ts'

export interface GoldenRunOptions {
  readonly target: string
  readonly driver: string
  readonly speed: number
  readonly seed: number
  readonly runId: string
  readonly marker: 'suffix' | 'none'
  readonly allowTarget: readonly string[]
  readonly proxies?: Proxies
  readonly warmUp: number
  /** No provider of ours stands behind the agent: questions are asked as they are written. */
  readonly isRealModel: boolean
  readonly maxSpend?: number
  readonly turnUsd: number | undefined
}

/** Answers with nobody else there, at least. */
const fewestIdle = 30

/** Golden questions beside a load: asked first with nobody else there, then again and again while it goes on. */
export class GoldenRun {
  readonly #workload: Workload
  readonly #asked: Omit<AskGoldenOptions, 'most' | 'fromMs'>
  readonly #warmupMs: number
  readonly #mostIdle: number
  readonly #mostUnderLoad: number | undefined
  /** What of `--max-spend` is left for users. */
  readonly forUsersUsd: number | undefined
  readonly #over = new AbortController()
  #idle: readonly GoldenAnswer[] = []
  #load: Promise<readonly GoldenAnswer[]> = Promise.resolve([])

  constructor(workload: Workload, file: GoldenFile, options: GoldenRunOptions) {
    const { driver, allowTarget, isRealModel, marker, warmUp, maxSpend, turnUsd } = options
    if (!isDriverName(driver)) throw new UserError(`--golden asks in writing, which ${driver} does not`)
    const questions = file.questions.length
    // Of a few questions one answer each would tell little.
    this.#mostIdle = questions * Math.ceil(fewestIdle / questions)
    const { mostUnderLoad, forUsersUsd } = dividedSpend(this.#mostIdle, turnUsd, maxSpend)
    this.#workload = workload
    this.#mostUnderLoad = mostUnderLoad
    this.forUsersUsd = forUsersUsd
    this.#warmupMs = warmUp
    this.#asked = {
      ...options,
      ...file,
      driver,
      allowTargets: allowTarget,
      marker: isRealModel ? 'none' : marker,
    }
  }

  /** Before the load: how many are right when nothing else is asked. */
  async askIdle(signal: AbortSignal): Promise<void> {
    this.#idle = await askGolden(this.#workload, { ...this.#asked, most: this.#mostIdle }, signal)
  }

  /** The load begins. */
  begin(): void {
    const most = this.#mostUnderLoad
    const options = { ...this.#asked, fromMs: this.#warmupMs, ...(most === undefined ? {} : { most }) }
    this.#load = askGolden(this.#workload, options, this.#over.signal)
    this.#load.catch(() => {})
  }

  /** The load is over: its summary with what the questions came to. */
  async end(summary: Summary): Promise<Summary> {
    this.#over.abort()
    const golden = goldenOf(this.#idle, await this.#load)
    const held = goldenObjectives(golden, this.#workload.thresholds ?? [])
    return { ...summary, golden, objectives: [...summary.objectives, ...held] }
  }
}

/** A run in which nobody asked: what is held to golden answers is undecided. */
export function withoutGolden(summary: Summary, { thresholds = [] }: Workload): Summary {
  const held = goldenObjectives(undefined, thresholds)
  return held.length > 0 ? { ...summary, objectives: [...summary.objectives, ...held] } : summary
}

/** That judges could not tell, where it was so. */
export function unjudgedNote({ golden }: Summary): string[] {
  if (!golden || golden.unjudged === 0) return []
  return [`${golden.unjudged} golden answers were not counted: their judge ended with neither 0 nor 1`]
}

/** Of what may be spent, at most so much goes to golden questions. */
const goldenShare = 0.2

/**
 * How `--max-spend` is divided: answers to golden questions under load, and what is left for users. They are priced as
 * the file prices a turn.
 */
function dividedSpend(
  idle: number,
  turnUsd: number | undefined,
  maxSpendUsd: number | undefined,
): { readonly mostUnderLoad: number | undefined; readonly forUsersUsd: number | undefined } {
  if (maxSpendUsd === undefined || turnUsd === undefined || turnUsd === 0)
    return { mostUnderLoad: undefined, forUsersUsd: maxSpendUsd }
  const most = Math.floor((goldenShare * maxSpendUsd) / turnUsd)
  if (most < 2 * idle)
    throw new UserError(
      `${idle} golden answers idle, and as many under load, would take more than a fifth of $${maxSpendUsd}`,
      {
        hint: `raise --max-spend to $${Math.ceil((2 * idle * turnUsd) / goldenShare)}, or ask fewer`,
      },
    )
  return { mostUnderLoad: most - idle, forUsersUsd: maxSpendUsd - most * turnUsd }
}
