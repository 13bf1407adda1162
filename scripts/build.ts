// Builds dist/ for publishing: plain JavaScript, since Node strips no types under node_modules.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
const built = spawnSync('tsc', ['-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
  cwd: new URL('..', import.meta.url),
})
process.exitCode = built.status ?? 1
