import { exitCodes } from './exit-codes.ts'
import type { Io } from './io.ts'

/** Ctrl-C once finishes cleanly, and says what follows; twice leaves at once. */
export function interruptSignal(
  io: Io,
  said = 'stopping: no new turns, then the report of what there is',
): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted)
    controller.abort()
    io.note(`${said} (once more to leave at once)`)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // The terminal is gone: what we started should not stay behind.
  process.on('SIGHUP', stop)
  return controller.signal
}
