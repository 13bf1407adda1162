import { once } from 'node:events'
import type { Io } from '../io.ts'
import { exitCodes } from '../exit-codes.ts'

export interface Server {
  readonly url: string
  close(): Promise<void>
}

/**
 * Aborted by a signal or, for a child of ours, when the parent is gone (its end of stdin closes). To be asked for before
 * anything is begun that would stay behind.
 */
export function stopSignal(child: boolean): AbortSignal {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  // The terminal is gone: what lies in temporary folders should not stay behind.
  process.once('SIGHUP', stop)
  if (child) process.stdin.resume().once('end', stop).once('error', stop)
  return controller.signal
}

/**
 * Announces a server and keeps it up until it is to stop; one that is to stop already is ended unannounced. With
 * `--json` the announcement is one line for programs: `{"ready":true,"url":...}`.
 */
export async function serveUntilStopped(
  server: Server,
  words: string,
  io: Io,
  stop: AbortSignal,
): Promise<void> {
  if (!stop.aborted) {
    // Whoever reads that it is ready may stop it at once.
    const stopped = once(stop, 'abort')
    io.result(io.json ? JSON.stringify({ ready: true, url: server.url, pid: process.pid }) : words)
    await stopped
  }
  await server.close()
  process.exit(exitCodes.ok)
}
