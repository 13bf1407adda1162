import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Timed {
  readonly events: number
  readonly seconds: number
  readonly cpuSeconds: number
}

export interface SimpyRun extends Timed {
  readonly version: string
  readonly python: string
  readonly meanTurnSeconds: number
}

/** SimPy in a virtual environment of its own, gone after `close`; undefined where it cannot be installed. */
export function installSimpy(): { run(seed: number): SimpyRun; close(): void } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-simpy-'))
  const close = (): void => rmSync(folder, { recursive: true, force: true })
  const python = join(folder, 'bin', 'python')
  const script = fileURLToPath(new URL('../repairman-simpy.py', import.meta.url))
  try {
    output('python3', '-m', 'venv', folder)
    output(python, '-m', 'pip', 'install', '--quiet', 'simpy==4.1.2')
  } catch (error) {
    console.log(`SimPy left out: ${error instanceof Error ? error.message : String(error)}`)
    close()
    return undefined
  }
  return {
    close,
    run(seed) {
      const [version, events, seconds, cpuSeconds, mean, pythonVersion] = output(python, script, String(seed))
        .trim()
        .split(' ')
      return {
        version: version!,
        python: pythonVersion!,
        events: Number(events),
        seconds: Number(seconds),
        cpuSeconds: Number(cpuSeconds),
        meanTurnSeconds: Number(mean),
      }
    },
  }
}

/** In a process of its own, as V8 compiles for all that it has met. */
export function runBareLoop(seed: number): Timed {
  const program = fileURLToPath(new URL('bare-loop.ts', import.meta.url))
  return JSON.parse(output(process.execPath, program, String(seed))) as Timed
}

function output(command: string, ...args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw error ?? new Error((stderr ?? '').trim().split('\n').at(-1) ?? command)
  return stdout
}
