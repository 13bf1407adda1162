// Edge file: timers for what happens outside this process.

/** Resolves after `ms`; does not keep the process alive. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
