import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { version } from '../src/result/version.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'plimsoll-package-'))
const path = `${root}/node_modules/.bin:${process.env['PATH']}`

/** What `npx plimsoll` runs; npm itself takes longer to start than most verbs do. */
const command = join(folder, 'node_modules/.bin/plimsoll')

const servers: ChildProcess[] = []

const served = `name: served
users: { think: 200ms }
agent: { workers: 2, concurrency: 4 }
model: { output: 10, ttft: 20ms, perToken: 1ms }
objectives: [errors < 100%]
`

interface Loaded {
  readonly origin: string
  readonly speed: number
  readonly turns: { readonly completed: number }
  readonly joined: { readonly none: number }
}

/** A load's JSON, also where a busy machine makes the result not valid (109). */
function loaded(args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
    timeout: 50_000,
  })
  expect([0, 109], stderr).toContain(status)
  return stdout
}

function run(command: string, args: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, PATH: path },
  })
  expect(stderr + stdout + status, `${command} ${args.join(' ')}`).toMatch(/0$/)
  return stdout
}

// The tarball as a user gets it: built, packed, unpacked in an empty folder, with what it depends on and nothing else. That
// comes from npm's cache, which the project's own install has filled with what its lock file names: no network.
beforeAll(() => {
  const installed = join(folder, 'node_modules/plimsoll')
  run('node', ['scripts/build.ts'], root)
  run('npm', ['pack', '--pack-destination', folder, '--silent'], root)
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!
  mkdirSync(installed, { recursive: true })
  run('tar', ['--extract', '--strip-components=1', '--file', tarball, '--directory', installed])
  copyFileSync(join(root, 'package-lock.json'), join(installed, 'package-lock.json'))
  run(
    'npm',
    ['ci', '--omit=dev', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'],
    installed,
  )
  writeFileSync(join(folder, 'package.json'), '{}')
  mkdirSync(join(folder, 'node_modules/.bin'))
  symlinkSync('../plimsoll/bin/plimsoll.js', command)
})

afterAll(async () => {
  for (const server of servers) server.kill('SIGTERM')
  await Promise.all(
    servers.map(async (server) => server.exitCode ?? server.signalCode ?? once(server, 'exit')),
  )
  rmSync(folder, { recursive: true, force: true })
})

test('the version is the one of package.json', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  expect(version).toBe(manifest.version)
})

test('an installed package has no TypeScript to strip and runs --help, init, plan and simulate', () => {
  const installed = join(folder, 'node_modules/plimsoll')
  const files = readdirSync(installed, { recursive: true })
    .map(String)
    .filter((name) => !name.startsWith('node_modules'))
  const source = files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
  // Examples are for reading and copying: users run their copies, which are not in node_modules.
  expect(source.filter((name) => !name.startsWith('examples'))).toEqual([])
  expect(run('npx', ['plimsoll', '--help'])).toContain('simulate')
  run(command, ['init', 'my.yaml', '--like', 'customer-support'])
  expect(readFileSync(join(folder, 'my.yaml'), 'utf8')).toContain('objectives')
  const plan = JSON.parse(run(command, ['plan', 'my.yaml', '--json'])) as {
    capacity: { level: { users: number } }
  }
  expect(plan.capacity.level.users).toBeGreaterThan(1)
  const args = ['simulate', 'my.yaml', '--users', '20', '--duration', '10m', '--json']
  const summary = JSON.parse(run(command, args)) as {
    origin: string
    turns: { completed: number }
  }
  expect(summary.origin).toBe('simulated')
  expect(summary.turns.completed).toBeGreaterThan(100)
})

/** Starts a verb of the installed package and answers what it says once it is ready; the test ends it. */
async function serve(...args: string[]): Promise<string> {
  const child = spawn('node', ['node_modules/plimsoll/bin/plimsoll.js', ...args, '--port', '0', '--json'], {
    cwd: folder,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  servers.push(child)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return (JSON.parse(said.toString()) as { url: string }).url
}

test('an installed package serves a model and an agent, whose workers are JavaScript too', async () => {
  writeFileSync(join(folder, 'served.yaml'), served)
  const providerUrl = await serve('provider', 'served.yaml')
  const agentUrl = await serve('agent', 'served.yaml', '--model-url', `${providerUrl}/v1`)
  const post = async (at: string, body: unknown): Promise<Record<string, unknown>> => {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${agentUrl}${at}`, { method: 'POST', headers, body: JSON.stringify(body) })
    expect(answer.ok).toBe(true)
    return (await answer.json()) as Record<string, unknown>
  }
  const { session_id } = await post('/api/sessions', {})
  const turn = await post(`/api/sessions/${String(session_id)}/messages`, { content: 'hello' })
  expect(turn).toMatchObject({ model_calls: 1, content: expect.stringMatching(/\S/) })
  const flags = ['--target', agentUrl, '--provider', providerUrl, '--users', '2']
  const window = ['--warm-up', '0s', '--duration', '1m', '--max-turns', '10']
  const summary = JSON.parse(loaded(['load', 'served.yaml', ...flags, ...window, '--json'])) as Loaded
  expect(summary.origin).toBe('measured')
  expect(summary.turns.completed).toBeGreaterThan(2)
  expect(summary.joined.none).toBe(0)
})

test('an installed package starts both itself, with time compressed, and leaves a run that can be told', () => {
  const args = ['load', 'served.yaml', '--reference', '--users', '2', '--speed', '20', '--json']
  const window = ['--warm-up', '10s', '--duration', '60s', '--out', 'compressed']
  const summary = JSON.parse(loaded([...args, ...window])) as Loaded
  expect(summary.speed).toBe(20)
  expect(summary.turns.completed).toBeGreaterThan(2)
  const [name] = readdirSync(join(folder, 'compressed'))
  expect(readdirSync(join(folder, 'compressed', name!)).sort()).toEqual([
    'records.sqlite',
    'report.html',
    'run.json',
    'summary.json',
  ])
  expect(run(command, ['report', `compressed/${name}`])).toContain('served at 2 users')
})

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
