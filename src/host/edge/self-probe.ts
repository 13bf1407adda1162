// Edge file: what this process costs while it plays the users or the model.
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Since the probe was restarted. */
export interface SelfUse {
  readonly loopDelayP99Ms: number
  readonly cpuSeconds: number
  readonly wallSeconds: number
  /** Cores used on average. */
  readonly cores: number
}

export interface SelfProbe {
  /** Forgets what was seen so far: the measured window begins. */
  restart(): void
  read(): SelfUse
  stop(): void
}

const resolutionMs = 5

/** Of the whole process, or of the calling thread alone. */
export function startSelfProbe(of: 'process' | 'thread' = 'process'): SelfProbe {
  const cpuUsage = (since?: NodeJS.CpuUsage): NodeJS.CpuUsage =>
    of === 'thread' ? process.threadCpuUsage(since) : process.cpuUsage(since)
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  let cpuAtStart = cpuUsage()
  let startedMs = performance.now()
  return {
    restart() {
      delay.reset()
      cpuAtStart = cpuUsage()
      startedMs = performance.now()
    },
    read() {
      const cpu = cpuUsage(cpuAtStart)
      const cpuSeconds = (cpu.user + cpu.system) / 1e6
      const wallSeconds = Math.max(1, performance.now() - startedMs) / 1000
      // The histogram holds the distance of its own ticks, which is the resolution on an idle loop.
      const p99Ms = delay.count > 0 ? delay.percentile(99) / 1e6 - resolutionMs : 0
      return { loopDelayP99Ms: Math.max(0, p99Ms), cpuSeconds, wallSeconds, cores: cpuSeconds / wallSeconds }
    },
    stop: () => delay.disable(),
  }
}
