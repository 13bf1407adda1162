import { spawn } from 'node:child_process'
import { pause } from './edge/child-timers.ts'

/** What a command said. */
export interface CommandAnswer {
  /** Null where it was ended, could not be started, or said too much. */
  readonly code: number | null
  /** The first of what it printed, of either stream. */
  readonly output: string
}

const mostOutput = 4000

/**
 * Runs a command of the user's without a shell, hands it `input` and waits for its exit code, at most so long. What it
 * prints beyond a few thousand characters is dropped.
 */
export async function askCommand(
  command: readonly [string, ...string[]],
  { input, cwd, timeoutMs }: { readonly input: string; readonly cwd: string; readonly timeoutMs: number },
): Promise<CommandAnswer> {
  const [file, ...args] = command
  const child = spawn(file, args, { cwd, shell: false, detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  const keep = (part: string): void => {
    if (output.length < mostOutput) output += part.slice(0, mostOutput - output.length)
  }
  child.stdout.setEncoding('utf8').on('data', keep)
  child.stderr.setEncoding('utf8').on('data', keep)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', (error) => {
      output ||= error.message
      resolve(null)
    })
  })
  const code = await Promise.race([ended, pause(timeoutMs).then(() => 'late' as const)])
  if (code !== 'late') return { code, output }
  try {
    process.kill(-child.pid!, 'SIGKILL')
  } catch {
    // It has just ended.
  }
  await ended
  return { code: null, output: `no verdict after ${timeoutMs / 1000} s` }
}
