// Everything that must hold, in order of how fast it can fail. CI runs exactly this.
import { spawnSync } from 'node:child_process'

const steps: readonly (readonly [name: string, ...command: string[]])[] = [
  ['types', 'tsc', '--noEmit'],
  ['lint', 'oxlint', '--deny-warnings'],
  ['format', 'oxfmt', '--check'],
  ['dead code', 'knip', '--no-progress'],
  ['tests', 'vitest', 'run'],
  ['package', 'publint', '--strict'],
]

for (const [name, command, ...args] of steps) {
  const startedAtMs = performance.now()
  const { status, error } = spawnSync(command!, args, {
    stdio: 'inherit',
    cwd: new URL('..', import.meta.url),
  })
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)
  if (status !== 0) {
    console.error(`${name}: failed after ${seconds} s${error ? ` (${error.message})` : ''}`)
    process.exit(1)
  }
  console.log(`${name}: ok, ${seconds} s`)
}
