// The scripts that `plimsoll export` writes, run unchanged by the real k6 and the real Locust where a machine has them.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { startProvider } from '../src/provider/start-provider.ts'
import { parseWorkload } from '../src/workload/parse-workload.ts'
import { answerWell, startFaultyServer } from './faulty-server.ts'
import { inProcess } from './in-process.ts'
import { plimsoll } from './plimsoll.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-export-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const versionOf = (command: string, args: readonly string[]): string | undefined => {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

const testers = {
  k6: {
    command: process.env['PLIMSOLL_K6'] ?? 'k6',
    version: ['version'],
    args: (script: string) => ['run', '--quiet', '--no-usage-report', script],
  },
  locust: {
    command: process.env['PLIMSOLL_LOCUST'] ?? 'locust',
    version: ['--version'],
    args: (script: string) => [
      '-f',
      script,
      '--headless',
      '-u',
      '3',
      '-r',
      '3',
      '-t',
      '3s',
      '--only-summary',
    ],
  },
}
const present = Object.entries(testers).filter(
  ([, { command, version }]) => versionOf(command, version) !== undefined,
)
if (present.length < 2)
  console.log(
    `the exported scripts run where k6 and locust are installed; here: ${present.map(([name]) => name).join() || 'none'}`,
  )

const users = `
users: { think: uniform(50ms 100ms), turns: 2, patience: 5s }
scenarios: [{ name: only, say: [message 0, message 1] }]
`

/** A script for a target, run to its end; answers the exit code and what was printed. */
async function run(name: keyof typeof testers, target: string, objectives: string) {
  const own = mkdtempSync(join(folder, name))
  const file = join(own, 'work.yaml')
  const script = join(own, name === 'k6' ? 'script.js' : 'script.py')
  writeFileSync(file, `name: exported\ntarget:\n${target}\n${users}objectives: [${objectives}]\n`)
  const written = await plimsoll(['export', name, file, '--users', '3', '--duration', '2s', '--out', script])
  expect(written).toMatchObject({ code: 0 })
  const { command, args } = testers[name]
  const child = spawn(command, args(script), { cwd: own, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()))
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { code, text }
}

test('a target that cannot be exported is a sentence', async () => {
  const file = join(folder, 'none.yaml')
  writeFileSync(file, 'name: none\n')
  expect(await plimsoll(['export', 'k6', file])).toMatchObject({
    code: 104,
    stdout: '',
    stderr: expect.stringContaining('the file has no target') as string,
  })
})

test('a run shorter than a second is one of a second, since k6 takes none of 0s', async () => {
  const path = join(folder, 'short.yaml')
  const target = 'target: { url: "http://127.0.0.1:1", driver: sessions }'
  writeFileSync(path, `model: { output: 10, ttft: 10ms, perToken: 1ms }\n${target}\n`)
  const { stdout } = await inProcess(['export', 'k6', path, '--duration', '100ms'])
  expect(stdout).toContain("duration: __ENV.DURATION || '1s'")
})

// Locust counts its time from when it last looked: on a busy machine a run ends as it begins.
const tries = present.map(([name]) => ({
  name: name as keyof typeof testers,
  retry: name === 'locust' ? 2 : 0,
}))

for (const { name, retry } of tries)
  describe(name, { retry }, () => {
    test('the session API: sessions are opened, spoken in and ended', async () => {
      const server = await startFaultyServer('sessions-json', answerWell)
      const { code, text } = await run(
        name,
        `  url: ${server.url}\n  driver: sessions`,
        'turn p95 < 5s, errors < 1%',
      )
      await server.close()
      expect(code, text).toBe(0)
      const count = (method: string, path: RegExp): number =>
        server.requests.filter((request) => request.method === method && path.test(request.path)).length
      const opened = count('POST', /^\/api\/sessions$/)
      // Three users begin one each, and go on to others.
      expect(opened).toBeGreaterThan(3)
      expect(count('POST', /messages$/)).toBeGreaterThan(opened)
      expect(count('DELETE', /./)).toBeGreaterThan(opened - 6)
      expect(server.requests.some(({ body }) => body.includes('message 1'))).toBe(true)
    })

    test('a described stream of events, and an objective that is missed', async () => {
      const server = await startFaultyServer('http-sse', answerWell)
      const target = `
  url: ${server.url}
  driver: http
  http:
    open: { path: /threads, body: { user: "user {user}" }, session: /thread/id }
    send: { path: "/threads/{session}/runs", body: { input: "{text}", stream: true } }
    answer: { format: sse, when: { event: token }, text: /delta/text, end: { event: done }, error: /error }`
      const { code, text } = await run(name, target, 'errors < 1%, turn p95 < 0.01ms')
      expect(code, text).toBe(99)
      expect(text).toMatch(name === 'k6' ? /✓ 'rate<0.01'/ : /✓ errors < 1%/)
      await server.close()
    })

    test('a model API, with the history of the conversation', async () => {
      const driver = name === 'k6' ? 'openai' : 'anthropic'
      const { workload } = parseWorkload(
        `name: model\nscenarios: [{ depth: 1 }]\nmodel: { id: m, output: 5 }`,
      )
      const provider = await startProvider(workload!, {
        host: '127.0.0.1',
        port: 0,
        seed: 1,
        speed: 1,
        runId: 'x',
      })
      const target = `  url: ${provider.url}/v1\n  driver: ${driver}\n  model: m`
      const { code, text } = await run(name, target, 'errors < 1%')
      await provider.close()
      expect(code, text).toBe(0)
    })
  })
