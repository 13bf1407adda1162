import type { GoldenAnswer } from '../../result/golden.ts'
import { firstGoldenSession } from '../../sessions/golden-session.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Proxies } from '../driver.ts'
import type { DriverName } from '../drivers/drivers.ts'
import { requireAllowedTarget } from '../local-target.ts'
import { startOneUser } from '../one-user.ts'
import { waitUnlessAborted } from '../wait-unless-aborted.ts'
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
  const { questions, fromMs = 0, most = Infinity } = options
  requireAllowedTarget(options.target, options.allowTargets)
  const user = startOneUser(workload, { ...options, turnTimeoutMs }, signal)
  const { clock } = user
  const answers: GoldenAnswer[] = []
  try {
    for (let i = 0; i < most && !signal.aborted; i++) {
      const question = questions[i % questions.length]!
      const { name, slices } = question
      const session = firstGoldenSession + i
      const { record, text = '' } = await user.turn({
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
      await waitUnlessAborted(clock, pauseMs, signal)
    }
    return answers
  } finally {
    await user.close()
  }
}
