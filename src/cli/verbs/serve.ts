import type { Io } from '../io.ts'
import { exitCodes } from '../exit-codes.ts'

export interface Server {
  readonly url: string
  close(): Promise<void>
}

/**
 * Announces a server and keeps it up until a signal comes or, for a child of ours, until the parent is gone (its
 * end of stdin closes). With `--json` the announcement is one line for programs: `{"ready":true,"url":...}`.
 */
export async function serveUntilStopped(
  server: Server,
  words: string,
  io: Io,
  child: boolean,
): Promise<void> {
  // Whoever reads that it is ready may stop it at once.
  const stopped = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
    // The terminal is gone: what lies in temporary folders should not stay behind.
    process.once('SIGHUP', resolve)
    if (child) process.stdin.resume().once('end', resolve).once('error', resolve)
  })
  io.result(io.json ? JSON.stringify({ ready: true, url: server.url, pid: process.pid }) : words)
  await stopped
  await server.close()
  process.exit(exitCodes.ok)
}
