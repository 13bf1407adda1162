import type { Workload } from '../../workload/workload.ts'
import { withAgent } from '../changed-workload.ts'
import type { Change, Lever } from './lever.ts'

/** More turns at once in each worker: they wait most of the time. */
export const asyncLever: Lever = {
  name: 'async',
  changes(workload) {
    const { concurrency } = workload.agent
    if (!Number.isFinite(concurrency)) return []
    const to = concurrency === 1 ? 20 : concurrency * 2
    return [
      {
        text:
          concurrency === 1
            ? `make the workers asynchronous, ${to} turns at once each`
            : `let each worker hold ${to} turns at once`,
        change: { field: 'agent.concurrency', from: String(concurrency), to: String(to) },
        workload: withAgent(workload, { concurrency: to }),
        fixedUsd: 0,
      },
    ]
  },
}

/** Twice the workers of a server: on cores that it has left, else on another server. */
export const workersLever: Lever = {
  name: 'workers',
  changes(workload) {
    const { workers, server } = workload.agent
    if (!Number.isFinite(workers)) return []
    const to = workers * 2
    // A worker keeps at most one core busy; where cores are left, another server is not needed.
    const isRoom = server?.cpu !== undefined && to <= server.cpu
    const fixedUsd = isRoom ? 0 : server?.perMonthUsd
    return [
      {
        text: `run ${to} workers instead of ${workers}`,
        change: { field: 'agent.workers', from: String(workers), to: String(to) },
        workload: withAgent(workload, { workers: to }),
        ...(fixedUsd === undefined ? {} : { fixedUsd }),
      },
    ]
  },
}

/** Tokens relayed in one go instead of one by one. */
const tokensAtOnce = 8

/** Streaming: relayed in larger pieces it costs less, and users who read along wait for the first text only. */
export const streamingLever: Lever = {
  name: 'streaming',
  changes: (workload) => [...largerPieces(workload), ...firstTextCounts(workload)],
}

function largerPieces(workload: Workload): Change[] {
  const { overhead } = workload.agent
  const { cpuPerTokenMs } = overhead
  if (cpuPerTokenMs === 0) return []
  const to = cpuPerTokenMs / tokensAtOnce
  const text = (ms: number): string => `${Number((ms * 1000).toPrecision(3))}us`
  return [
    {
      text: `relay the answer in pieces of ${tokensAtOnce} tokens instead of one by one`,
      change: { field: 'agent.overhead.cpuPerToken', from: text(cpuPerTokenMs), to: text(to) },
      workload: withAgent(workload, { overhead: { ...overhead, cpuPerTokenMs: to } }),
      fixedUsd: 0,
    },
  ]
}

/** What is promised of whole turns is promised of their first text; so is what users wait for. */
function firstTextCounts(workload: Workload): Change[] {
  const { users, objectives } = workload
  const first = objectives.find(({ metric }) => metric === 'turn')
  if (!first) return []
  const renamed = (text: string): string => text.replace(/\bturn\b/, 'ttft')
  return [
    {
      text: `stream the answers and promise their first text instead of their end (${renamed(first.text)})`,
      change: { field: 'objectives', from: first.text, to: renamed(first.text) },
      workload: {
        ...workload,
        users: users.patience ? { ...users, patience: { ...users.patience, of: 'firstToken' } } : users,
        objectives: objectives.map((objective) =>
          objective.metric === 'turn'
            ? { ...objective, metric: 'ttft', text: renamed(objective.text) }
            : objective,
        ),
      },
      fixedUsd: 0,
    },
  ]
}

const moreTries = 3

/** Refused model calls tried again: fewer turns fail, more wait. */
export const retriesLever: Lever = {
  name: 'retries',
  changes(workload) {
    const { retries } = workload.agent
    if (retries.attempts >= moreTries || workload.models.every(({ quota }) => quota === undefined)) return []
    const backoffMs = retries.backoffMs > 0 ? retries.backoffMs : 500
    return [
      {
        text: `try a refused model call up to ${moreTries} more times`,
        change: { field: 'agent.retries.attempts', from: String(retries.attempts), to: String(moreTries) },
        workload: withAgent(workload, {
          retries: { ...retries, attempts: moreTries, backoffMs, honourRetryAfter: true },
        }),
        fixedUsd: 0,
      },
    ]
  },
}
