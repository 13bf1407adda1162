/** The part of a run that counts, in milliseconds since its start: what follows the warm-up, for so long. */
export interface MeasuredWindow {
  readonly warmupMs: number
  readonly measuredMs: number
}

/** Whether an instant falls into the window: its start does, its end no longer. */
export function isMeasured({ warmupMs, measuredMs }: MeasuredWindow, atMs: number): boolean {
  return atMs >= warmupMs && atMs < warmupMs + measuredMs
}
