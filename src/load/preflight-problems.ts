import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { AdminStats } from '../wire/admin-api.ts'
import type { Workload } from '../workload/workload.ts'
import { driverNames } from './drivers/drivers.ts'

/** Something that would spoil a load test, and what to do about it. Errors forbid load, warnings do not. */
export interface PreflightProblem {
  readonly severity: 'error' | 'warning'
  readonly code: string
  readonly message: string
  readonly hint: string
}

interface Sides {
  readonly target: string
  readonly driver: string
  readonly providerAdminUrl?: string
  readonly speed: number
  /** How long the answer was waited for; workload time. */
  readonly waitedMs: number
}

const error = (code: string, message: string, hint: string): PreflightProblem => ({
  severity: 'error',
  code,
  message,
  hint,
})

const warning = (code: string, message: string, hint: string): PreflightProblem => ({
  severity: 'warning',
  code,
  message,
  hint,
})

/** What the front of the agent shows. */
export function problemsOfTurn(
  record: Readonly<TurnRecord>,
  said: string | undefined,
  sides: Sides,
  workload: Workload,
): PreflightProblem[] {
  if (record.outcome === 'completed') return []
  const message = said ?? 'the turn was stopped'
  const { origin } = new URL(sides.target)
  switch (record.errorKind) {
    case 'connect':
      return [
        error(
          'target_unreachable',
          message,
          `is the agent running at ${origin}? --start "command" starts it, --reference takes ours`,
        ),
      ]
    case 'protocol':
      return [
        error(
          'target_protocol',
          message,
          isDescribed(sides.driver)
            ? `correct target.${sides.driver}.answer in the file (docs/drivers.md)`
            : `the driver ${sides.driver} does not understand this target: is the URL right? ${otherDrivers(sides)}`,
        ),
      ]
    case 'http_4xx':
      return record.status === 401 || record.status === 403
        ? [
            error(
              'target_unauthorised',
              message,
              'set target.headers in the file, such as authorization: "Bearer ${env:AGENT_TOKEN}"',
            ),
          ]
        : [
            error(
              'target_http_4xx',
              message,
              isDescribed(sides.driver)
                ? `messages go to target.url followed by the path in target.${sides.driver}: is that the address?`
                : `is the path of the URL right, and the driver (${sides.driver})? ${otherDrivers(sides)}`,
            ),
          ]
    case 'http_5xx':
      return [
        error(
          'target_http_5xx',
          message,
          "the agent's own log says why; one turn must work before many are sent",
        ),
      ]
    case 'rate_limited':
      return [
        error(
          'target_rate_limited',
          message,
          'one turn alone is over the quota: raise model.quota or lower model.input and maxTokens',
        ),
      ]
    case 'timeout':
      return [
        error(
          'target_timeout',
          record.status === 0 ? noAnswer(sides) : message,
          'does the agent wait for a model that does not answer?',
        ),
      ]
    case 'unexpected':
      return [
        error(
          'answer_unexpected',
          message,
          `scenario ${workload.scenarios[record.scenario]!.name} says what to expect; correct it or the agent`,
        ),
      ]
    case 'overloaded':
    case 'circuit_open':
    case 'script':
    case 'cross_session':
    case 'lost_history':
    case 'cut':
    case 'abandoned':
    case 'none':
      return [error('target_failed', message, 'try again when the agent has nothing else to do')]
    default:
      return record.errorKind satisfies never
  }
}

/** These drivers speak what the file describes, so the description is what may be wrong. */
const isDescribed = (driver: string): boolean => driver === 'http' || driver === 'websocket'

function otherDrivers({ driver }: Sides): string {
  const others = driverNames.filter((name) => name !== driver && !isDescribed(name))
  return `target.driver may also be ${others.join(', ')}; any other API is described with http or websocket, which plimsoll init --from-curl "curl …" writes (docs/drivers.md)`
}

function noAnswer({ waitedMs, speed }: Sides): string {
  return `the target took the message and gave no answer in ${Math.round(waitedMs / speed / 1000)} s`
}

/** What the other side of the agent shows. */
export function problemsSeenBehind(
  workload: Workload,
  turn: Readonly<TurnRecord>,
  calls: readonly Readonly<CallRecord>[],
  stats: AdminStats,
  sides: Sides,
): PreflightProblem[] {
  const modelCalls = calls.filter((call) => call.kind === 'model')
  if (modelCalls.length === 0) return turn.outcome === 'completed' ? [notOnProvider(sides)] : []
  const problems: PreflightProblem[] = []
  if (modelCalls.every((call) => call.joinedBy === 'none'))
    problems.push(
      warning(
        'not_joined',
        'model calls cannot be joined to their turns: depth and own time will be known only in aggregate',
        'let the agent pass on the traceparent header, or allow the marker in the text (--marker suffix)',
      ),
    )
  const answered = modelCalls.filter((call) => call.outcome !== 'rejected')
  const steps = answered.filter((call) => call.step > 0)
  // An agent that answers in a form and declares no tools is its own root loop, of one step.
  const loop = steps.length > 0 ? steps : answered
  const intended = Math.max(0, ...loop.map((call) => call.depth))
  const observed = Math.max(0, ...loop.map((call) => Math.max(1, call.step)))
  if (turn.outcome === 'completed' && observed < intended)
    problems.push(cutShort(workload, turn, intended, observed, stats))
  return problems
}

function notOnProvider(sides: Sides): PreflightProblem {
  const base = `${new URL(sides.providerAdminUrl!).origin}/v1`
  return error(
    'agent_not_on_provider',
    'your agent is still talking to the real model: it answered, and no call reached the simulated provider. Nothing more is sent',
    `start the agent with OPENAI_BASE_URL=${base} (plimsoll provider FILE --env prints all that is needed)`,
  )
}

function cutShort(
  workload: Workload,
  turn: Readonly<TurnRecord>,
  intended: number,
  observed: number,
  stats: AdminStats,
): PreflightProblem {
  const scenario = workload.scenarios[turn.scenario]!
  const tools = scenario.tools.map((tool) => workload.tools[tool]!.name)
  const called = Object.keys(stats.toolCallsByName)
  const why =
    tools.length > 0 && called.length === 0
      ? `does the agent declare ${tools.join(', ')} in its requests?`
      : 'does the agent limit the steps of its loop?'
  return warning('depth_cut', `the loop should take ${intended} steps and took ${observed}`, why)
}
