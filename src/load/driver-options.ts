import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { DriverOptions, Proxies } from './driver.ts'
import type { RunClock } from './edge/run-clock.ts'

/** Connections beyond one for each user: for streams that were answered but not ended, and sessions being closed. */
const marginConnections = 16

/** What a driver needs to know of the workload. */
export function driverOptions(
  workload: Workload,
  target: string,
  level: Level,
  clock: Pick<RunClock, 'now' | 'at'>,
  proxies?: Proxies,
  crews = 1,
): DriverOptions {
  const model = workload.models[workload.scenarios[0]!.model]!
  return {
    url: target,
    headers: workload.target?.headers ?? {},
    connections: 'users' in level ? level.users + marginConnections : Infinity,
    secrets: workload.target?.secrets ?? [],
    now: () => clock.now(),
    at: (atMs, ring) => clock.at(atMs, ring),
    users: 'users' in level ? level.users : Infinity,
    crews,
    model: workload.target?.model ?? model.id,
    historyMessages: workload.scenarios[0]!.input.historyMessages,
    ...(workload.target?.access ? { access: workload.target.access } : {}),
    ...(workload.target?.connection ? { connection: workload.target.connection } : {}),
    ...(proxies ? { proxies } : {}),
    ...(workload.target?.http ? { http: workload.target.http } : {}),
    ...(workload.target?.websocket ? { websocket: workload.target.websocket } : {}),
    ...(model.maxTokens === undefined ? {} : { maxTokens: model.maxTokens }),
  }
}
