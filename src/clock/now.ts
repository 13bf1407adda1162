// Edge file: the only place that reads the machine's clock.

const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/** Milliseconds of the machine's monotonic clock: comparable between processes of one machine. */
export function monotonicMs(): number {
  return performance.now() + offsetMs
}

/** Milliseconds since 1970, for names and headers only, never for durations. */
export function wallClockMs(): number {
  return Date.now()
}
