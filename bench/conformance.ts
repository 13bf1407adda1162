// Whole agent frameworks on the simulated provider: whether their loops come out as deep as the workload says.
// The frameworks are heavy, so they are installed into a temporary folder and not into this package.
// npm run conformance [-- --turns 1000] [--keep FOLDER]
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'

const { values } = parseArgs({
  options: { turns: { type: 'string', default: '1000' }, keep: { type: 'string' } },
})
const packages = {
  ai: '^7.0.173',
  '@ai-sdk/anthropic': '^4.0.105',
  '@ai-sdk/google': '*',
  '@ai-sdk/openai': '^4.0.118',
  '@openai/agents': '^0.20.0',
  '@langchain/core': '*',
  '@langchain/langgraph': '^1.7.3',
  '@langchain/openai': '*',
  zod: '^4.6.7',
}
const workloadText = `
name: conformance
scenarios:
  - { name: orders, say: where is my order, depth: { 1: 60%, 2: 30%, 4: 10% }, tools: [orders, transfer_to_billing] }
model: { id: any, output: 20, ttft: 0ms, perToken: 0ms, tokensPerChunk: 10 }
tools: { orders: { latency: 0ms, arguments: { order: [1001, 1002] } }, transfer_to_billing: { latency: 0ms } }
`

const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'plimsoll-conformance-'))
mkdirSync(folder, { recursive: true })
const provider = await startProvider(parseWorkload(workloadText).workload!, {
  seed: 11,
  runId: 'conformance',
})
try {
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies: packages }),
  )
  console.log(`installing ${Object.keys(packages).length} packages into ${folder}`)
  const installed = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (installed.status !== 0) throw new Error('npm install failed')
  const script = join(folder, 'frameworks.mjs')
  copyFileSync(fileURLToPath(new URL('conformance/frameworks.mjs', import.meta.url)), script)
  process.exitCode = await new Promise<number>((resolve) => {
    const child = spawn(process.execPath, [script, provider.url, values.turns], {
      cwd: folder,
      stdio: 'inherit',
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
} finally {
  await provider.close()
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true })
}
