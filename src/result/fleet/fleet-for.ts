import { levelValue } from '../../workload/level.ts'
import { serversOf } from '../../workload/servers-of.ts'
import type { Workload } from '../../workload/workload.ts'
import type { Capacity } from '../capacity.ts'
import type { Summary } from '../summary.ts'
import { moneyFor } from './fleet-money.ts'
import { isQuota, quotasFor } from './fleet-quotas.ts'
import type { Fleet, SharedTool } from './fleet.ts'

const spare = 1

/**
 * What so many users at once (the average; the file's peak comes on top) need, each server and each quota run at the
 * headroom of the capacity. Quotas are bought apart from servers: a server carries what it would with quota enough.
 * Other answers lend their prices. Nothing where the capacity does not count users, or carries none.
 */
export function fleetFor(
  workload: Workload,
  capacity: Capacity,
  users: number,
  capacities: readonly Capacity[] = [capacity],
): Fleet | undefined {
  if (!('users' in capacity.level) || capacity.runAt <= 0 || capacity.level.users <= 0) return undefined
  const { peakToAverage = 1 } = workload.users.peak
  const peakUsers = users * peakToAverage
  const headroom = capacity.runAt / capacity.level.users
  const load = { users, peakUsers, peakToAverage, headroom }
  const summary = atRunLevel(capacity)
  const together = serverUsers(capacity, headroom, peakUsers)
  // A file with several servers is answered for all of them.
  const usersEach = together === undefined ? undefined : together / serversOf(workload)
  const atPeak = usersEach === undefined ? 1 : Math.max(1, Math.ceil(peakUsers / usersEach - 1e-9))
  const total = atPeak + spare
  const quotas = quotasFor(workload, summary, load)
  const inFlight = summary?.calls?.inFlight?.mean
  const summaries = [capacity, ...capacities].flatMap((each) => atRunLevel(each) ?? [])
  return {
    ...load,
    servers: { atPeak, spare, total, ...(usersEach === undefined ? {} : { usersEach }) },
    ...(Number.isFinite(workload.agent.workers) ? { workers: total * workload.agent.workers } : {}),
    quotas,
    ...(summary && inFlight !== undefined
      ? { callsInFlight: (inFlight / levelValue(summary.level)) * peakUsers }
      : {}),
    sharedTools: sharedTools(workload, summary, peakUsers / headroom),
    ...alsoShared(workload),
    ...(usersEach === undefined
      ? {}
      : { nextServer: nextServer(capacity, (atPeak * usersEach) / peakToAverage) }),
    money: moneyFor(workload, summaries, quotas, { peakUsers, servers: total }),
  }
}

/** Nothing where so many meet no limit of a server's own. What was not tried is not promised. */
function serverUsers(
  { serverAlone, runAt }: Capacity,
  headroom: number,
  peakUsers: number,
): number | undefined {
  const carried = Math.max(runAt, (serverAlone?.users ?? 0) * headroom)
  return serverAlone?.unbounded && peakUsers <= carried ? undefined : carried
}

/** The trial that held and lies nearest to the load to run at; users below the capacity hardly differ in what they use. */
function atRunLevel({ probes, runAt, invalid }: Capacity): Summary | undefined {
  if (invalid) return undefined
  const distance = (summary: Summary): number => Math.abs(levelValue(summary.level) - runAt)
  return probes
    .filter(({ pass, level }) => pass !== false && levelValue(level) > 0)
    .map(({ summary }) => summary)
    .toSorted((a, b) => distance(a) - distance(b))[0]
}

function sharedTools(workload: Workload, summary: Summary | undefined, users: number): SharedTool[] {
  if (!summary) return []
  return workload.tools.flatMap(({ name, capacity }) => {
    const use = summary.services?.find((service) => service.name === name && service.unit === 'calls')
    if (!use || !Number.isFinite(capacity)) return []
    return [{ name, calls: ((use.utilisation * use.limit) / levelValue(summary.level)) * users, capacity }]
  })
}

/** Tools that some scenario calls and that have no limit, and the store of the conversations' state. */
function alsoShared({ tools, scenarios, agent }: Workload): Pick<Fleet, 'alsoShared'> {
  const called = new Set(scenarios.flatMap((scenario) => scenario.tools))
  const open = tools.filter(({ capacity }, index) => called.has(index) && !Number.isFinite(capacity))
  const keepsState = agent.state !== undefined || agent.overhead.stateMs.mean > 0
  const names = [...open.map(({ name }) => name), ...(keepsState ? ['the state store'] : [])]
  return names.length > 0 ? { alsoShared: names } : {}
}

/** What fills a server is what breaks first, or next where the first is a quota. */
function nextServer({ bottleneck, next }: Capacity, users: number): NonNullable<Fleet['nextServer']> {
  const service = [bottleneck?.service, next?.service].find((name) => name !== undefined && !isQuota(name))
  return { users, ...(service === undefined ? {} : { service }) }
}
