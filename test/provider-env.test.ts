import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { killLeftovers, startPlimsoll } from './running.ts'

const cwd = mkdtempSync(join(tmpdir(), 'plimsoll-env-'))
afterEach(() => {
  killLeftovers()
  rmSync(cwd, { recursive: true, force: true })
})

test('what --env prints can be read by a shell to its last line', async () => {
  writeFileSync(join(cwd, 'my.yaml'), 'model: { id: m, output: 5 }')
  const provider = startPlimsoll(['provider', 'my.yaml', '--port', '0', '--env'], { cwd })
  await provider.said(/admin API of .* on http/)
  provider.kill('SIGTERM')
  const { code, stdout } = await provider.finished
  expect(code).toBe(0)
  const lines = stdout.trimEnd().split('\n')
  expect(lines.filter((line) => !/^(?:export [A-Z_]+=[\w:/.-]+|# .*)$/.test(line))).toEqual([])
  expect(lines).toContainEqual(
    expect.stringMatching(/^export OPENAI_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/v1$/),
  )
})
