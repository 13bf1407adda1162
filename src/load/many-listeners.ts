/** By signal, all who listen through its one listener: removing one from the signal itself is a search among them all. */
const listeners = new WeakMap<AbortSignal, Set<() => void>>()

/** As `addEventListener('abort', …)`, at the same cost however many listen. */
export function onAbort(signal: AbortSignal, listener: () => void): void {
  let all = listeners.get(signal)
  if (!all) {
    const set = new Set<() => void>()
    all = set
    listeners.set(signal, set)
    signal.addEventListener('abort', () => set.forEach((each) => each()), { once: true })
  }
  all.add(listener)
}

/** Takes back what `onAbort` added. */
export function offAbort(signal: AbortSignal, listener: () => void): void {
  listeners.get(signal)?.delete(listener)
}
