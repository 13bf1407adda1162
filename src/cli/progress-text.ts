/** `measured probe 3 of 7 at 148 users, 41 s left`. */
export function progressText(parts: {
  readonly what: string
  readonly done: number
  readonly total: number
  readonly detail?: string
  readonly leftMs?: number
}): string {
  const left = parts.leftMs === undefined ? '' : `, ${timeLeft(parts.leftMs)} left`
  const detail = parts.detail ? `, ${parts.detail}` : ''
  return `${parts.what} ${Math.min(parts.done + 1, parts.total)} of about ${parts.total}${detail}${left}`
}

/** `41 s`, `3 min`: never below one second while there is something left. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000))
  return seconds < 100 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}
