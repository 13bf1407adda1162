import type { PhoneRecord } from '../../result/phone-records.ts'
import type { TurnRecord } from '../../result/records.ts'
import { createSessions, type Sessions } from '../../sessions/sessions.ts'
import type { Workload } from '../../workload/workload.ts'
import { startRunClock } from '../edge/run-clock.ts'
import type { PreflightReport, PreflightStep } from '../preflight.ts'
import { shapeOfLevel } from '../stages.ts'
import { type CallOptions, startCallers } from './call-players.ts'

/** One call is enough to see whether there is anybody. */
const answerWithinMs = 15_000
const level = { sessionsPerSecond: 1 }

/** One call of one utterance before any load: is it taken, and is anything heard? */
export async function preflightCall(
  full: Workload,
  options: CallOptions & { readonly seed: number },
  signal: AbortSignal,
): Promise<PreflightReport> {
  const workload = { ...full, phone: { ...full.phone!, caller: patient } }
  const clock = startRunClock(1)
  const turns: TurnRecord[] = []
  let said: string | undefined
  let ended: PhoneRecord | undefined
  const callers = startCallers(
    { workload, sessions: oneCall(createSessions(workload, options.seed, level)), clock, cut: signal },
    { ...options, turnTimeoutMs: answerWithinMs },
    shapeOfLevel(level, 1),
    {
      turnStarted: () => {},
      turnEnded: (record) => void turns.push(record),
      callEnded: (record, message) => {
        ended = record
        said = message
      },
    },
  )
  try {
    await callers.gone
  } finally {
    await callers.close()
    clock.stop()
  }
  return reportOf(ended, turns[0], said)
}

const patient = {
  interrupts: 0,
  silent: 0,
  human: 0,
  pause: { mean: 0, variance: 0, quantile: () => 0, isSmooth: false },
}

/** The first session alone: it says one thing and hangs up after the answer. */
function oneCall(sessions: Sessions): Sessions {
  return {
    ...sessions,
    unitArrival: (session) => (session === 0 ? 0 : Infinity),
    turns: () => 1,
    callMs: () => 0,
    patienceMs: () => Infinity,
  }
}

function reportOf(
  call: PhoneRecord | undefined,
  turn: TurnRecord | undefined,
  said: string | undefined,
): PreflightReport {
  const isHeard = turn?.outcome === 'completed' && !Number.isNaN(turn.firstTokenAtMs)
  const ok = call?.ending === 'escalated' || isHeard
  const problem = {
    severity: 'error' as const,
    code: 'no_answer',
    message: `the call ended as ${call?.ending ?? 'cut'}${said === undefined ? '' : `: ${said}`}`,
    hint:
      call?.ending === 'blocked'
        ? busyHint(call)
        : 'is the URL that of the agent, and does its webhook answer with TwiML that connects a stream?',
  }
  return { ok, steps: call ? stepsOf(call, turn) : [], problems: ok ? [] : [problem] }
}

/** An agent that rejects the only call there is, or a carrier without a channel for it. */
const busyHint = ({ grantedAtMs }: PhoneRecord): string =>
  Number.isNaN(grantedAtMs)
    ? 'the carrier of the file refused the only call: phone.carrier'
    : 'its webhook answers <Reject> to the only call: is it full already, or are calls not let in?'

function stepsOf(call: PhoneRecord, turn: TurnRecord | undefined): PreflightStep[] {
  const at = (atMs: number, what: string): PreflightStep[] =>
    Number.isNaN(atMs) ? [] : [{ atMs: atMs - call.offeredAtMs, what }]
  return [
    ...at(call.offeredAtMs, 'call offered to the carrier'),
    ...at(call.grantedAtMs, 'a channel'),
    ...at(call.answeredAtMs, 'the agent takes the call'),
    ...(turn
      ? [
          ...at(turn.sentAtMs, 'the caller has spoken'),
          ...at(
            turn.firstTokenAtMs,
            `first sound of the answer, ${Math.round(turn.firstTokenAtMs - turn.sentAtMs)} ms later`,
          ),
          ...at(turn.endedAtMs, 'the answer is over'),
        ]
      : []),
    ...at(call.endedAtMs, `the call ended as ${call.ending}`),
  ]
}
