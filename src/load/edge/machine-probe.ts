// Edge file: looks at this process while it generates load.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { monotonicMs } from '../../clock/now.ts'

/** What generating the load has cost this process. */
export interface MachineUse {
  readonly loopDelayP99Ms: number
  /** Cores used on average. */
  readonly cpu: number
}

export interface MachineProbe {
  /** Forgets what was seen so far: the measured window begins. */
  restart(): void
  read(): MachineUse
  stop(): void
}

const resolutionMs = 5

export function startMachineProbe(): MachineProbe {
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
      const wallMs = Math.max(1, monotonicMs() - startedMs)
      // The histogram holds the distance of its own ticks, which is the resolution on an idle loop.
      const p99Ms = delay.count > 0 ? delay.percentile(99) / 1e6 - resolutionMs : 0
      return { loopDelayP99Ms: Math.max(0, p99Ms), cpu: (cpu.user + cpu.system) / 1000 / wallMs }
    },
    stop: () => delay.disable(),
  }
}
