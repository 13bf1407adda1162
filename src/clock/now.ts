// Edge file: the only place that reads the machine's clock.

/** The clocks are read one after the other, and what comes between, a millisecond the first time, makes it too small. */
const offsetMs = Math.max(...Array.from({ length: 5 }, () => hrtimeMs() - performance.now()))

function hrtimeMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Milliseconds of the machine's monotonic clock: comparable between processes of one machine. */
export function monotonicMs(): number {
  return performance.now() + offsetMs
}

/** Milliseconds since 1970, for names and headers only, never for durations. */
export function wallClockMs(): number {
  return Date.now()
}
