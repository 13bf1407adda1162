/** Does work that no other thread's work overlaps. It must not ask for the same lock again. */
export type Exclusively = <T>(work: () => T) => T

/** Numbers that a lock takes, in an Int32Array of shared memory. */
export const sharedLockLength = 1

const free = 0
const held = 1
/** Held, and somebody sleeps until it is free. */
const awaited = 2

/** Tries before a thread sleeps: whoever holds it is done in less than a microsecond, unless it was put aside. */
const tries = 200

/**
 * One lock for all threads that share this memory. The third state spares the one who lets go a call of the kernel
 * while nobody waits (U. Drepper, "Futexes Are Tricky", 2011, mutex 3).
 */
export function sharedLock(state: Int32Array<SharedArrayBuffer>): Exclusively {
  return (work) => {
    take(state)
    try {
      return work()
    } finally {
      if (Atomics.exchange(state, 0, free) === awaited) Atomics.notify(state, 0, 1)
    }
  }
}

function take(state: Int32Array<SharedArrayBuffer>): void {
  for (let i = 0; i < tries; i++) if (Atomics.compareExchange(state, 0, free, held) === free) return
  while (Atomics.exchange(state, 0, awaited) !== free) Atomics.wait(state, 0, awaited)
}
