import { availableParallelism } from 'node:os'
import type { Probe, Runner } from '../find/runner.ts'
import { type CallDriverName, callDriverNames, isCallDriverName } from '../load/drivers/call-driver-names.ts'
import { type DriverName, driverNames, isDriverName } from '../load/drivers/drivers.ts'
import { type LoadOptions, runLoad } from '../load/run-load.ts'
import { isLocalTarget } from '../load/local-target.ts'
import type { MeasuredSink } from '../result/records.ts'
import type { Workload } from '../workload/workload.ts'
import { adminToken } from './admin-token.ts'
import { UserError } from './exit-codes.ts'
import { withAssumed } from './with-assumed.ts'
import type { LivePage } from './live-page.ts'
import { proxiesOf } from './proxies.ts'
import type { Purse } from './purse.ts'
import type { World } from './world.ts'

export interface MeasuredRunnerOptions {
  readonly runId: string
  readonly speed: number
  readonly marker: 'suffix' | 'none'
  /** Where the records of a probe go; called once for each probe. */
  readonly open?: (probe: Probe) => { readonly sink: MeasuredSink; end(): void }
  /** What users do instead of the file's turns, by scenario. */
  readonly scripts?: NonNullable<LoadOptions['scripts']>
  /** Threads that play the users; this one where absent. */
  readonly muster?: NonNullable<LoadOptions['muster']>
  /** Shows each probe while it goes on. */
  readonly live?: LivePage
  /** Looks at what the agent uses, where it tells that itself. */
  readonly look?: NonNullable<LoadOptions['agentSample']>
  /** Dollars for all probes together, where the model may be real. */
  readonly purse?: Purse
  /** What targets did wrong, once for each kind and probe. */
  readonly onFault?: (message: string, count: number) => void
}

/** Answers probes with real users on the agent of `world`. */
export function measuredRunner(workload: Workload, world: World, options: MeasuredRunnerOptions): Runner {
  let ordinal = 0
  return async (probe, signal) => {
    const records = options.open?.(probe)
    const { live } = options
    live?.begin()
    const loaded = await runLoad(
      workload,
      {
        ...probe,
        ...sides(workload, world, options),
        runId: `${options.runId}-${ordinal++}`,
        ...(options.scripts ? { scripts: options.scripts } : {}),
        ...(options.muster ? { muster: options.muster } : {}),
        ...options.purse?.limits(),
        ...(live && { onProgress: (progress) => live.show(progress) }),
        sink: (record) => {
          records?.sink(record)
          live?.ended(record)
        },
      },
      signal,
    )
    records?.end()
    options.purse?.pay(loaded)
    const { summary, faults } = loaded
    for (const { message, count, outside } of faults) options.onFault?.(message, count + outside)
    return await withAssumed(workload, summary)
  }
}

/** The options of a load test that follow from what stands around it. */
export function sides(
  workload: Workload,
  world: World,
  options: Pick<MeasuredRunnerOptions, 'speed' | 'marker' | 'look'>,
) {
  const { agent } = world
  const { look } = options
  return {
    target: world.targetUrl,
    driver: driverName(workload),
    speed: options.speed,
    marker: options.marker,
    proxies: proxiesOf(process.env),
    allowTargets: world.allowTargets ?? [],
    ...(world.providerUrl === undefined ? {} : { providerAdminUrl: world.providerUrl, ...adminToken() }),
    ...(look && {
      agentSample: look,
      agentCores: isLocalTarget(world.targetUrl) ? availableParallelism() : Infinity,
    }),
    ...(agent &&
      !look && {
        agentSample: () => agent.sample(),
        agentCores: availableParallelism(),
      }),
  }
}

/** The driver that the file names; where it says nothing, `twilio` for callers and `sessions` for all others. */
export function driverName(workload: Workload): DriverName | CallDriverName {
  const name = workload.target?.driver ?? (workload.phone?.alone ? 'twilio' : 'sessions')
  if (isDriverName(name) || isCallDriverName(name)) return name
  throw new UserError(`there is no driver ${name}`, {
    hint: `drivers: ${[...driverNames, ...callDriverNames].join(', ')}`,
  })
}

/** The same, of those who write: it throws where the file's users call. */
export function turnDriverName(workload: Workload): DriverName {
  const name = driverName(workload)
  if (isDriverName(name)) return name
  throw new UserError(`the driver ${name} brings calls by telephone, and this is about users who write`)
}
