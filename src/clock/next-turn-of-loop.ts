// Edge file: lets the machine's event loop breathe between slices of a long computation.
import { setImmediate } from 'node:timers/promises'

/** Resolves after pending input, output and timers had their chance. */
export async function nextTurnOfLoop(): Promise<void> {
  await setImmediate()
}
