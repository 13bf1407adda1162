import type { GoldenAnswer } from '../../result/golden.ts'
import { firstGoldenSession } from '../../sessions/golden-session.ts'
import { createSessions } from '../../sessions/sessions.ts'
import { runNumber } from '../../sessions/turn-key.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Proxies } from '../driver.ts'
import { driverOptions } from '../driver-options.ts'
import { type DriverName, drivers } from '../drivers/drivers.ts'
import { startRunClock } from '../edge/run-clock.ts'
import { requireAllowedTarget } from '../local-target.ts'
import { runTurn } from '../run-turn.ts'
import { type AskJudge, type GoldenQuestion, judgeAnswer } from './golden-question.ts'

export interface AskGoldenOptions {
  readonly target: string
  readonly driver: DriverName
  readonly allowTargets: readonly string[]
  readonly proxies?: Proxies
  readonly seed: number
  readonly speed: number
  readonly runId: string
  readonly marker: 'suffix' | 'none'
  readonly questions: readonly GoldenQuestion[]
  readonly judge: AskJudge
  /** Asks so many and ends, all questions in turn; else again and again, until the signal. */
  readonly most?: number
  /** Answers that came before are not counted; workload time. */
  readonly fromMs?: number
}

const turnTimeoutMs = 120_000
/** Between two questions, workload time: the asker is one user more, not a load of its own. */
const pauseMs = 200

/**
 * Asks golden questions, one after another, each in a session of its own, and judges the answers. A turn that fails has
 * no right answer.
 */
export async function askGolden(
  workload: Workload,
  options: AskGoldenOptions,
  signal: AbortSignal,
): Promise<GoldenAnswer[]> {
  const { target, questions, fromMs = 0, most = Infinity } = options
  requireAllowedTarget(target, options.allowTargets)
  const clock = startRunClock(options.speed)
  const driver = drivers[options.driver](
    driverOptions(workload, target, { users: 1 }, clock, options.proxies),
  )
  const context = {
    workload,
    sessions: createSessions(workload, options.seed, { users: 1 }),
    clock,
    driver,
    run: runNumber(options.runId),
    marker: options.marker,
    turnTimeoutMs,
    cut: signal,
    interToken: undefined,
  } as const
  const answers: GoldenAnswer[] = []
  try {
    for (let i = 0; i < most && !signal.aborted; i++) {
      const question = questions[i % questions.length]!
      const { name, slices } = question
      const session = firstGoldenSession + i
      const { record, text = '' } = await runTurn(context, {
        session,
        turn: 0,
        intendedAtMs: clock.now(),
        last: true,
        say: question.question,
      })
      if (record.errorKind === 'cut') break
      // What the scenario expects of users' answers is nothing that these must hold.
      const came = record.outcome === 'completed' || record.errorKind === 'unexpected'
      const right = came && (await judgeAnswer(question, text, options.judge))
      if (record.sentAtMs >= fromMs)
        answers.push({
          name,
          slices,
          verdict: right === undefined ? 'unjudged' : right ? 'passed' : 'failed',
        })
      await waited(clock, pauseMs, signal)
    }
    return answers
  } finally {
    clock.stop()
    await driver.close()
  }
}

/** Resolves after so long, or as soon as the signal says so. */
function waited(
  clock: Pick<ReturnType<typeof startRunClock>, 'at' | 'now'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      alarm.cancel()
      signal.removeEventListener('abort', over)
      resolve()
    }
    const alarm = clock.at(clock.now() + ms, over)
    signal.addEventListener('abort', over)
    if (signal.aborted) over()
  })
}
