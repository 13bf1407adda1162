// Edge file: the agent's timers and its enacted CPU.

/** Resolves after `ms`, or rejects at once when `signal` aborts. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error)
    const abort = (): void => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort)
      resolve()
    }, ms)
    signal.addEventListener('abort', abort, { once: true })
  })
}

/** Calls `ring` after `ms`; the result takes it back. */
export function alarm(ms: number, ring: () => void): () => void {
  const timer = setTimeout(ring, Math.min(ms, 2 ** 31 - 1))
  return () => clearTimeout(timer)
}

/** Calls `then` once the event loop has handled what came in this tick. */
export function afterTick(then: () => void): void {
  setImmediate(then)
}

/** Keeps this thread's event loop busy until it has used `ms` of CPU time; returns what was used. */
export function burnCpu(ms: number): number {
  const before = process.threadCpuUsage()
  for (;;) {
    const used = process.threadCpuUsage(before)
    const usedMs = (used.user + used.system) / 1000
    if (usedMs >= ms) return usedMs
  }
}
