import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** The machine of a run and what shared it. */
export interface MachineFacts {
  readonly cpuModel: string
  readonly cores: number
  readonly memoryBytes: number
  readonly platform: string
  readonly node: string
  readonly sharedWith: readonly string[]
}

export interface MachineOptions {
  /** What of ours ran here beside the load: the agent, the provider. */
  readonly sharedWith: readonly string[]
}

/** The machine that this runs on. Work that others had going on it is named among what shared it. */
export function machine({ sharedWith }: MachineOptions): MachineFacts {
  const cores = availableParallelism()
  const busyCores = loadavg()[0] ?? 0
  const others = busyCores >= 0.5 ? [`other work (load average ${busyCores.toFixed(1)} at the start)`] : []
  return {
    cpuModel: cpus()[0]?.model.trim() || 'unknown',
    cores,
    memoryBytes: totalmem(),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    sharedWith: [...sharedWith, ...others],
  }
}
