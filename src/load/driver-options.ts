import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import type { DriverOptions, Proxies } from './driver.ts'
import type { RunClock } from './edge/run-clock.ts'

/** Connections beyond one for each user: for streams that were answered but not ended, and sessions being closed. */
const marginConnections = 16

/** Where the users of one driver go, and how many there are. */
export interface DriverPlace {
  /** Base URL of the agent under test. */
  readonly target: string
  readonly level: Level
  readonly clock: Pick<RunClock, 'now' | 'at'>
  readonly proxies?: Proxies | undefined
  /** How many drivers share this machine's ports: one for each crew. 1 where absent. */
  readonly crews?: number
}

/** What a driver needs to know of the workload and of its place in the run. */
export function driverOptions(workload: Workload, place: DriverPlace): DriverOptions {
  const { level, clock, proxies, crews = 1 } = place
  const [first] = workload.scenarios
  const model = workload.models[first!.model]!
  const { target } = workload
  return {
    url: place.target,
    headers: target?.headers ?? {},
    connections: 'users' in level ? level.users + marginConnections : Infinity,
    secrets: target?.secrets ?? [],
    now: () => clock.now(),
    at: (atMs, ring) => clock.at(atMs, ring),
    users: 'users' in level ? level.users : Infinity,
    crews,
    model: target?.model ?? model.id,
    historyMessages: first!.input.historyMessages,
    ...(target?.access ? { access: target.access } : {}),
    ...(target?.connection ? { connection: target.connection } : {}),
    ...(proxies ? { proxies } : {}),
    ...(target?.http ? { http: target.http } : {}),
    ...(target?.websocket ? { websocket: target.websocket } : {}),
    ...(model.maxTokens === undefined ? {} : { maxTokens: model.maxTokens }),
  }
}
