// Edge file: looks at this process while it plays the provider.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { monotonicMs } from '../../clock/now.ts'

/** What playing has cost this process since the probe was restarted. */
export interface SelfUse {
  readonly loopDelayP99Ms: number
  readonly cpuSeconds: number
  readonly wallSeconds: number
}

export interface SelfProbe {
  restart(): void
  read(): SelfUse
  stop(): void
}

const resolutionMs = 5

export function startSelfProbe(): SelfProbe {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let cpuAtStart = process.cpuUsage()
  let startedMs = monotonicMs()
  return {
    restart() {
      delay.reset()
      cpuAtStart = process.cpuUsage()
      startedMs = monotonicMs()
    },
    read() {
      const cpu = process.cpuUsage(cpuAtStart)
      // The histogram holds the distance of its own ticks, which is the resolution on an idle loop.
      const p99Ms = delay.count > 0 ? delay.percentile(99) / 1e6 - resolutionMs : 0
      return {
        loopDelayP99Ms: Math.max(0, p99Ms),
        cpuSeconds: (cpu.user + cpu.system) / 1e6,
        wallSeconds: (monotonicMs() - startedMs) / 1000,
      }
    },
    stop: () => delay.disable(),
  }
}
