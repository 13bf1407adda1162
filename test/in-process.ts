import { vi } from 'vitest'
import { runCommandLine } from '../src/cli/run-command-line.ts'
import type { Finished } from './plimsoll.ts'

/**
 * Runs a command line in the process of the test: for what a verb prints and answers, where a process of its own would
 * only cost the time to load it. One at a time, since there is one standard output; what is spawned, interrupted or
 * killed takes `plimsoll`.
 */
export async function inProcess(
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const printed = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
      return true
    })
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
  const before = { cwd: process.cwd(), exitCode: process.exitCode }
  const dropListeners = keepSignals()
  process.exitCode = undefined
  if (cwd !== undefined) process.chdir(cwd)
  try {
    const code = (await runCommandLine(args)) ?? exitCode()
    return { code, ...printed }
  } finally {
    process.chdir(before.cwd)
    process.exitCode = before.exitCode
    dropListeners()
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
  }
}

const exitCode = (): number => Number(process.exitCode ?? 0)
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The result takes away whoever has come to listen to signals since. */
export function keepSignals(): () => void {
  const before = signals.map((signal) => process.listeners(signal))
  return () => {
    for (const [i, signal] of signals.entries())
      for (const listener of process.listeners(signal))
        if (!before[i]!.includes(listener)) process.off(signal, listener)
  }
}
