import type { CallRecord, TurnRecord } from '../result/records.ts'
import type { AdminStats } from '../wire/admin-api.ts'
import type { Workload } from '../workload/workload.ts'
import { hourMs } from '../workload/units.ts'
import type { Proxies } from './driver.ts'
import { type CallDriverName, isCallDriverName } from './drivers/call-driver-names.ts'
import type { DriverName } from './drivers/drivers.ts'
import type { RunClock } from './edge/run-clock.ts'
import { isAllowedTarget } from './local-target.ts'
import { startOneUser } from './one-user.ts'
import { type PreflightProblem, problemsOfTurn, problemsSeenBehind } from './preflight-problems.ts'
import {
  AdminTokenWanted,
  createProviderAdmin,
  type ProviderAdmin,
  providerMismatch,
  untilIdle,
} from './provider-admin.ts'
import type { EndedTurn } from './run-turn.ts'

export interface PreflightOptions {
  readonly target: string
  readonly driver: DriverName | CallDriverName
  readonly speed: number
  readonly seed: number
  readonly runId: string
  readonly marker: 'suffix' | 'none'
  /** The provider that the agent should be talking to; without it only the front is seen. */
  readonly providerAdminUrl?: string
  readonly adminToken?: string
  /** What stands between this machine and others. */
  readonly proxies?: Proxies
  /** Hosts beyond this machine that may be loaded. */
  readonly allowTargets?: readonly string[]
  /** Workload time to wait for the answer. Default: three times as long as the users, at most two minutes. */
  readonly turnTimeoutMs?: number
}

/** One turn seen from both sides. Holds no text of the user or the agent, no header and no token. */
export interface PreflightReport {
  /** No problem is an error: load may be sent. */
  readonly ok: boolean
  /** What happened, in order; milliseconds of workload time since the message was sent. */
  readonly steps: readonly PreflightStep[]
  readonly problems: readonly PreflightProblem[]
}

export interface PreflightStep {
  readonly atMs: number
  readonly what: string
}

const longestWaitMs = 120_000
/** One turn alone meets a quota that nobody has used for long. */
const idleMs = hourMs
/** Wall time: an agent that starts up, or whose CPU is not compressed, gets this much at any speed. */
const shortestWaitMs = 10_000

/** Sends one message, looks at it from in front of the agent and from behind, and says whether load may follow. */
export async function preflight(
  workload: Workload,
  options: PreflightOptions,
  signal: AbortSignal,
): Promise<PreflightReport> {
  if (!isAllowedTarget(options.target, options.allowTargets ?? []))
    return refuse(targetNotAllowed(options.target))
  const runId = `${options.runId}-preflight`
  const { driver } = options
  const admin =
    options.providerAdminUrl === undefined
      ? undefined
      : createProviderAdmin(options.providerAdminUrl, options.adminToken)
  try {
    if (admin) {
      const problem = await resetProvider(admin, runId, workload, options)
      if (problem) return refuse(problem)
    }
    if (isCallDriverName(driver)) {
      const { preflightCall } = await import('./calls/preflight-call.ts')
      return await preflightCall(workload, { ...options, driver, runId }, signal)
    }
    return await oneTurn(workload, { ...options, driver, runId }, admin, signal)
  } finally {
    await admin?.close()
  }
}

async function oneTurn(
  full: Workload,
  options: PreflightOptions & { readonly driver: DriverName },
  admin: ProviderAdmin | undefined,
  signal: AbortSignal,
): Promise<PreflightReport> {
  const workload = withoutPatience(full)
  const turnTimeoutMs = waitMs(full, options)
  const user = startOneUser(workload, { ...options, turnTimeoutMs }, signal)
  try {
    const turn = await user.turn({ session: 0, turn: 0, intendedAtMs: user.clock.now(), last: true })
    const behind = admin && (await seenBehind(admin, user.clock))
    return report(workload, { ...options, waitedMs: turnTimeoutMs }, turn, behind)
  } finally {
    await user.close()
  }
}

interface Behind {
  readonly calls: readonly CallRecord[]
  readonly stats: AdminStats
}

async function seenBehind(admin: ProviderAdmin, clock: RunClock): Promise<Behind> {
  await untilIdle(admin, clock)
  const calls = await admin.takeRecords(clock.startedMs, clock.speed)
  return { calls: calls.sort((a, b) => a.sentAtMs - b.sentAtMs), stats: await admin.stats() }
}

function report(
  workload: Workload,
  options: PreflightOptions & { readonly waitedMs: number },
  { record, message }: EndedTurn,
  behind: Behind | undefined,
): PreflightReport {
  const problems = problemsOfTurn(record, message, options, workload)
  if (behind) problems.push(...problemsSeenBehind(workload, record, behind.calls, behind.stats, options))
  const steps = [...frontSteps(record), ...(behind ? behindSteps(workload, record, behind) : [])]
  return {
    ok: problems.every((problem) => problem.severity !== 'error'),
    steps: steps.sort((a, b) => a.atMs - b.atMs),
    problems,
  }
}

function frontSteps(record: TurnRecord): PreflightStep[] {
  const since = (atMs: number): number => atMs - record.sentAtMs
  const status = record.status === 0 ? '' : ` with status ${record.status}`
  const ended =
    record.outcome === 'completed'
      ? `the answer is complete${status}`
      : `the turn ended as ${record.outcome} (${record.errorKind})${status}`
  return [
    { atMs: 0, what: 'message sent to the agent' },
    ...(Number.isNaN(record.firstTokenAtMs)
      ? []
      : [{ atMs: since(record.firstTokenAtMs), what: 'first text of the answer' }]),
    { atMs: since(record.endedAtMs), what: ended },
  ]
}

function behindSteps(workload: Workload, turn: TurnRecord, { calls, stats }: Behind): PreflightStep[] {
  const steps = calls.map((call) => ({ atMs: call.sentAtMs - turn.sentAtMs, what: callText(workload, call) }))
  const allowed = new Set(workload.tools.map((tool) => tool.name))
  const forms = Object.keys(stats.toolCallsByName).filter((name) => !allowed.has(name))
  const unlisted = Object.keys(stats.unlistedTools).filter(
    (name) => !allowed.has(name) && !forms.includes(name),
  )
  const atMs = turn.endedAtMs - turn.sentAtMs
  if (forms.length > 0)
    steps.push({
      atMs,
      what: `${forms.join(', ')} called, which no scenario names: it looks like the form of an answer, as the only tool of a request that demands one, or by its name`,
    })
  if (unlisted.length > 0)
    steps.push({
      atMs,
      what: `the agent also declares ${unlisted.join(', ')}: no scenario names them, so they are never called`,
    })
  return steps
}

const matchedBy = { id: 'the id of a tool call', trace: 'traceparent', text: 'the text of the message' }

function callText(workload: Workload, call: CallRecord): string {
  const tookMs = Math.round(call.endedAtMs - call.sentAtMs)
  const joined =
    call.joinedBy === 'none' ? 'matched to no turn' : `matched to the turn by ${matchedBy[call.joinedBy]}`
  if (call.kind === 'tool')
    return `tool ${workload.tools[call.service]?.name ?? '?'} called${call.step > 0 ? ` after step ${call.step}` : ''}, ${tookMs} ms (${joined})`
  const name = workload.models[call.service]?.key ?? '?'
  const result =
    call.outcome === 'rejected'
      ? `refused with ${call.status}`
      : `${call.inputTokens} tokens in, ${call.outputTokens} out, ${tookMs} ms`
  const of = call.depth > 0 ? ` of ${call.depth}` : ''
  const step = call.step === 0 ? 'beside the loop (a router or sub-agent)' : `step ${call.step}${of}`
  return `model call to ${name}, ${step}: ${result} (${joined})`
}

async function resetProvider(
  admin: ProviderAdmin,
  runId: string,
  workload: Workload,
  options: PreflightOptions,
): Promise<PreflightProblem | undefined> {
  try {
    const health = await admin.reset({ runId, seed: options.seed, idleMs })
    const mismatches = providerMismatch(health, workload, options.speed)
    if (mismatches.length > 0)
      return {
        severity: 'error',
        code: 'provider_mismatch',
        message: mismatches.join('; '),
        hint: 'start both with the same file and the same --set and --speed',
      }
    return undefined
  } catch (cause) {
    if (cause instanceof AdminTokenWanted)
      return { severity: 'error', code: 'provider_token', message: cause.message, hint: cause.hint }
    const { origin } = new URL(options.providerAdminUrl!)
    return {
      severity: 'error',
      code: 'provider_unreachable',
      message: `no simulated provider answers at ${origin}`,
      hint: 'start one with: plimsoll provider FILE',
    }
  }
}

function targetNotAllowed(target: string): PreflightProblem {
  const { host, hostname } = new URL(target)
  return {
    severity: 'error',
    code: 'target_not_allowed',
    message: `${host} is not on this machine, so nothing was sent`,
    hint: `if it is yours to load, say so with --allow-target ${hostname}`,
  }
}

const refuse = (problem: PreflightProblem): PreflightReport => ({ ok: false, steps: [], problems: [problem] })

/** How long one turn may take: the users' patience or the agent's own limit say what is long. */
function waitMs({ users, agent }: Workload, { turnTimeoutMs, speed }: PreflightOptions): number {
  if (turnTimeoutMs !== undefined) return turnTimeoutMs
  const limitMs = Number.isFinite(agent.limits.turnMs) ? agent.limits.turnMs : 0
  const expectedMs = Math.max(users.patience?.after.mean ?? 0, limitMs) || longestWaitMs
  return Math.max(Math.min(longestWaitMs, 3 * expectedMs), shortestWaitMs * speed)
}

/** A preflight waits for the answer, however impatient the users are. */
function withoutPatience(workload: Workload): Workload {
  const { patience: _, ...users } = workload.users
  return { ...workload, users }
}
