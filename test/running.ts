import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { treeOf } from '../src/host/process-table.ts'
import { psRows } from '../src/host/sample-process.ts'
import type { Finished } from './plimsoll.ts'

const bin = fileURLToPath(new URL('../bin/plimsoll.js', import.meta.url))

/** A command line under way, for tests that stop or kill it. */
export interface Running {
  /** Resolves when its stderr or stdout says so; rejects when it ends before. */
  said(words: RegExp): Promise<void>
  /** Process ids of the servers that it started. */
  children(): Promise<number[]>
  kill(signal: NodeJS.Signals): void
  readonly finished: Promise<Finished>
}

const alive = new Set<ChildProcess>()

/** Kills what a failed test left under way; for `afterEach`. */
export function killLeftovers(): void {
  for (const child of alive) child.kill('SIGKILL')
}

export function startPlimsoll(
  args: readonly string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Running {
  const env = { ...process.env, ...options.env }
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  alive.add(child)
  child.once('exit', () => alive.delete(child))
  const out = { stdout: '', stderr: '' }
  const waiting = new Set<() => void>()
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part: Buffer) => {
      out[name] += part.toString()
      for (const look of waiting) look()
    })
  const finished = new Promise<Finished>((resolve) => child.on('close', (code) => resolve({ code, ...out })))
  return {
    said: (words) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!words.test(out.stderr) && !words.test(out.stdout)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
        void finished.then(() =>
          reject(new Error(`it ended before it said ${words}:\n${out.stderr}${out.stdout}`)),
        )
      }),
    children: async () =>
      treeOf(await psRows(), child.pid!)
        .map(({ pid }) => pid)
        .filter((pid) => pid !== child.pid),
    kill: (signal) => void child.kill(signal),
    finished,
  }
}

/** Resolves when none of the processes is alive any more; the test's own time limit bounds it. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50))
}

/** Resolves when `holds` does. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
