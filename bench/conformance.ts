// Official clients and whole agent frameworks on the simulated provider: whether they are answered as by the real APIs,
// and whether their loops come out as deep as the workload says. They are heavy, so none of them is a dependency.
// npm run conformance [-- --turns 1000] [--only python|node|mastra…] [--check NAME] [--keep FOLDER]
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { playScript, type Script } from './conformance/play-script.ts'
import { installPythonClients, pythonScripts, pythonWithClients } from './conformance/python.ts'

const { values } = parseArgs({
  options: {
    turns: { type: 'string', default: '1000' },
    only: { type: 'string' },
    check: { type: 'string' },
    keep: { type: 'string' },
  },
})
const nodeScripts = ['vercel-ai.mjs', 'openai-agents.mjs', 'langgraph.mjs', 'mastra.mjs']

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'plimsoll-conformance-'))
mkdirSync(folder, { recursive: true })
let failed = 0
try {
  const { only = '' } = values
  const isNode = only === 'node' || nodeScripts.some((name) => name.includes(only))
  const isPython = only === 'python' || pythonScripts('').some(({ file }) => basename(file).includes(only))
  const scripts = [
    ...(isNode ? installNodeScripts() : []),
    ...(isPython ? pythonScripts(pythonWithClients() ?? installPythonClients()) : []),
  ].filter(({ file }) => ['node', 'python'].includes(only) || basename(file).includes(only))
  for (const script of scripts)
    await playScript(
      script,
      Number(values.turns),
      ({ ok, text }) => {
        console.log(`${ok ? 'ok  ' : 'FAIL'} ${text}`)
        if (!ok) failed++
      },
      values.check,
    )
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true })
}
process.exitCode = failed > 0 ? 1 : 0

/** Installs what they import into a folder of their own, and puts them there. */
function installNodeScripts(): Script[] {
  for (const name of [...nodeScripts, 'checks.mjs', 'package.json'])
    copyFileSync(fileURLToPath(new URL(`conformance/${name}`, import.meta.url)), join(folder, name))
  console.log(`installing what they import into ${folder}`)
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--silent']
  const installed = spawnSync('npm', ['install', ...flags], { cwd: folder, stdio: 'inherit' })
  if (installed.status !== 0) throw new Error('npm install failed')
  return nodeScripts.map((name) => ({ command: process.execPath, file: join(folder, name), cwd: folder }))
}
