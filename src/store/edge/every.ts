// Edge file: the store's one timer.

/** Calls `run` again and again without keeping the process alive; the answer stops it. */
export function every(wallMs: number, run: () => void): () => void {
  const timer = setInterval(run, wallMs).unref()
  return () => clearInterval(timer)
}
