/** `2 s`, `0.4 s`. */
export function inSeconds(ms: number): string {
  const seconds = ms / 1000
  return `${seconds >= 10 ? Math.ceil(seconds) : Math.max(0.1, Math.ceil(seconds * 10) / 10)} s`
}
