import type { PhoneRecord } from '../../result/phone-records.ts'
import type { PhoneSummary } from '../../result/phone-summary.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { runNumber } from '../../sessions/turn-key.ts'
import type { Workload } from '../../workload/workload.ts'
import type { CallDriverName } from '../drivers/call-driver-names.ts'
import { callDrivers } from '../drivers/call-drivers.ts'
import type { RunClock } from '../edge/run-clock.ts'
import type { LoadOptions } from '../load-options.ts'
import { isAllowedTarget } from '../local-target.ts'
import type { Shape } from '../stages.ts'
import { createCarrierClient } from './carrier-client.ts'
import { type CallsEvents, startCalls } from './start-calls.ts'

/** A call whose agent says nothing for so long is given up, however patient its caller. */
const callTimeoutMs = 30_000

export type CallOptions = Pick<
  LoadOptions,
  'target' | 'runId' | 'marker' | 'turnTimeoutMs' | 'providerAdminUrl' | 'adminToken' | 'allowTargets'
> & { readonly driver: CallDriverName }

/** Callers, with the carrier and the lines that they need. */
export interface CallPlayers {
  stop(): void
  readonly gone: Promise<void>
  /** Calls that have ended. */
  readonly records: readonly PhoneRecord[]
  /** Calls that go on. */
  active(): number
  /** From now on frames count. */
  restart(): void
  frames(): NonNullable<PhoneSummary['frames']>
  /** Pieces of the agents' sound so far. */
  heard(): number
  close(): Promise<void>
}

export interface CallWorld {
  readonly workload: Workload
  readonly sessions: Sessions
  readonly clock: RunClock
  readonly cut: AbortSignal
}

/** Lets the callers of a workload call the target as `shape` says. */
export function startCallers(
  { workload, sessions, clock, cut }: CallWorld,
  options: CallOptions,
  shape: Shape,
  events: Pick<CallsEvents, 'turnStarted' | 'turnEnded'> & {
    callEnded(record: PhoneRecord, message: string | undefined): void
  },
): CallPlayers {
  const records: PhoneRecord[] = []
  const driver = callDrivers[options.driver](driverOptions(workload, options, clock))
  const { providerAdminUrl, adminToken, turnTimeoutMs = callTimeoutMs } = options
  const carrier =
    providerAdminUrl === undefined ? undefined : createCarrierClient(providerAdminUrl, adminToken)
  const calls = startCalls(
    {
      phone: workload.phone!,
      sessions,
      clock,
      driver,
      carrier,
      run: runNumber(options.runId),
      tagged: options.marker === 'suffix',
      priorityOf: (scenario) => workload.scenarios[scenario]!.priority ?? 0,
      turnTimeoutMs,
      cut,
    },
    shape,
    {
      turnStarted: () => events.turnStarted(),
      turnEnded: (record, message) => events.turnEnded(record, message),
      callEnded(record, message) {
        records.push(record)
        events.callEnded(record, message)
      },
    },
  )
  return {
    stop: () => calls.stop(),
    gone: calls.gone,
    records,
    active: () => calls.active,
    restart: () => calls.frames.restart(),
    frames() {
      const { frames, lateness } = calls.frames
      return {
        sent: frames,
        latenessP50Ms: frames === 0 ? 0 : lateness.quantile(0.5),
        latenessP99Ms: frames === 0 ? 0 : lateness.quantile(0.99),
        latenessMaxMs: frames === 0 ? 0 : lateness.quantile(1),
      }
    },
    heard: () => calls.heard,
    async close() {
      await driver.close()
      await carrier?.close()
    },
  }
}

/** What a driver of calls needs to know of the workload. */
export function driverOptions(
  { target, models, scenarios }: Workload,
  { target: url, allowTargets }: Pick<LoadOptions, 'target' | 'allowTargets'>,
  clock: RunClock,
) {
  return {
    url,
    headers: target?.headers ?? {},
    isAllowed: (to: string) => isAllowedTarget(to, allowTargets ?? []),
    model: target?.model ?? models[scenarios[0]!.model]!.id,
    webhook: target?.twilio?.webhook ?? '/voice',
    ...(target?.connection?.tls === undefined ? {} : { tls: target.connection.tls }),
    ...(target?.twilio?.stream === undefined ? {} : { stream: target.twilio.stream }),
    ...(target?.twilio?.authToken === undefined ? {} : { authToken: target.twilio.authToken }),
    now: () => clock.now(),
    at: (atMs: number, ring: () => void) => clock.at(atMs, ring),
  }
}
