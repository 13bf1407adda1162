#!/usr/bin/env node
// In a checkout the TypeScript source runs as it is; a published package carries only dist/.
import { existsSync } from 'node:fs'

const oldestNode = 24

if (Number(process.versions.node.split('.')[0]) < oldestNode) {
  console.error(`plimsoll needs Node ${oldestNode} or newer; this is ${process.version}.`)
  console.error('hint: "npx plimsoll" and "npm start" in a checkout bring the right one along')
  process.exitCode = 104
} else {
  shortenPauses()
  // Half of what a short command costs is compiling: what was compiled once is kept in the machine's temporary folder.
  // Asked for here: what an old Node lacks must not keep it from the sentence above.
  const { enableCompileCache } = await import('node:module')
  enableCompileCache()
  const source = new URL('../src/cli/main.ts', import.meta.url)
  await import(existsSync(source) ? source.href : new URL('../dist/cli/main.js', import.meta.url).href)
}

/**
 * The provider has to write each chunk on time, and a process is told when it begins how large the space of its young
 * objects may grow: it is collected in 1 ms where it is small, in 5 to 13 ms at the size it has otherwise. So this
 * process begins anew, under the same number, with that said.
 */
function shortenPauses() {
  const { argv, env, execArgv, execPath, platform } = process
  const isSaid = [...execArgv, env['NODE_OPTIONS'] ?? ''].some((flag) => flag.includes('semi-space-size'))
  if (argv[2] !== 'provider' || isSaid || platform === 'win32' || !process.execve) return
  process.execve(execPath, [execPath, '--max-semi-space-size=4', ...execArgv, ...argv.slice(1)], env)
}
