import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The command line, for those who start it in another way. */
export const bin = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url))

export interface Finished {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the command line in a process of its own, as a user would. */
export function plimsoll(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; killAfterMs?: number } = {},
): Promise<Finished> {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()))
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()))
  if (options.killAfterMs !== undefined) setTimeout(() => child.kill('SIGINT'), options.killAfterMs).unref()
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })))
}
