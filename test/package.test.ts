import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { version } from '../src/result/version.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-package-'))
const path = `${root}/node_modules/.bin:${process.env['PATH']}`

function run(command: string, args: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  })
  expect(stderr + stdout + status, `${command} ${args.join(' ')}`).toMatch(/0$/)
  return stdout
}

// The tarball as a user gets it: built, packed, installed in an empty folder with install scripts off. What it
// depends on comes from npm's cache, which the project's own install has filled: no network.
beforeAll(() => {
  run('node', ['scripts/build.ts'], root)
  run('npm', ['pack', '--pack-destination', folder, '--silent'], root)
  writeFileSync(join(folder, 'package.json'), '{}')
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  run('npm', [
    'install',
    '--offline',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--silent',
    `./${tarball}`,
  ])
}, 120_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the version is the one of package.json', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(version).toBe(manifest.version)
})

test('an installed package has no TypeScript to strip and runs --help, init, plan and simulate', () => {
  const installed = join(folder, 'node_modules/plimsoll')
  const files = readdirSync(installed, { recursive: true }).map(String)
  expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([])
  expect(run('npx', ['plimsoll', '--help'])).toContain('simulate')
  run('npx', ['plimsoll', 'init', 'my.yaml', '--like', 'customer-support'])
  expect(readFileSync(join(folder, 'my.yaml'), 'utf8')).toContain('objectives')
  const plan = JSON.parse(run('npx', ['plimsoll', 'plan', 'my.yaml', '--json'])) as {
    capacity: { level: { users: number } }
  }
  expect(plan.capacity.level.users).toBeGreaterThan(1)
  const args = ['simulate', 'my.yaml', '--users', '20', '--duration', '10m', '--json']
  const summary = JSON.parse(run('npx', ['plimsoll', ...args])) as {
    origin: string
    turns: { completed: number }
  }
  expect(summary.origin).toBe('simulated')
  expect(summary.turns.completed).toBeGreaterThan(100)
}, 60_000)

test('the library entry exports what the README uses', () => {
  writeFileSync(
    join(folder, 'library.mjs'),
    "import * as p from 'plimsoll'\nconsole.log(Object.keys(p).sort().join(' '))\n",
  )
  const names = run('node', ['library.mjs']).split(/\s+/)
  for (const name of [
    'parseWorkload',
    'plan',
    'planCapacity',
    'simulate',
    'findCapacity',
    'runLoad',
    'startProvider',
  ])
    expect(names).toContain(name)
})
