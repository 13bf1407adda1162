/** Stopped before the warm-up was over, everything counts: it is all there is. */
export function windowOf(warmupMs: number, endedMs: number): { warmupMs: number; measuredMs: number } {
  const left = endedMs > warmupMs ? warmupMs : 0
  return { warmupMs: left, measuredMs: endedMs - left }
}
