import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, test } from 'vitest'
import { temporaryFolder } from './temporary-folder.ts'

const source = new URL('temporary-folder.ts', import.meta.url).href
const program = `import { temporaryFolder } from '${source}'
console.log(temporaryFolder())
setInterval(() => undefined, 1000)`

test('the folder of a process that was killed goes when the next one begins, and of one that runs it stays', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [left] = (await once(createInterface(child.stdout), 'line')) as [string]
  writeFileSync(join(left, 'file'), 'left behind')
  const first = temporaryFolder()
  expect([existsSync(first), existsSync(left)]).toEqual([true, true])
  child.kill('SIGKILL')
  await once(child, 'exit')
  const second = temporaryFolder()
  expect([existsSync(first), existsSync(second), existsSync(left)]).toEqual([true, true, false])
  for (const folder of [first, second]) rmSync(folder, { recursive: true })
})
