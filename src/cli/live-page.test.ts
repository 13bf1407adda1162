import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import { parseObjective } from '../workload/parse-objective.ts'
import { openLivePage, startLivePage } from './live-page.ts'

const hostile = '</title><script>alert(1)</script>'
const progress = {
  atMs: 1000,
  untilMs: 10_000,
  share: 0.1,
  level: 5,
  started: 12,
  completed: 10,
  failed: 1,
  abandoned: 0,
  rejected: 0,
  cut: 0,
  inFlight: 1,
}

async function start() {
  const objectives = [parseObjective('turn p95 < 1s')]
  const live = await startLivePage(loadWorkload({ name: hostile, objectives }), 0)
  onTestFinished(() => live.close())
  return live
}

function statusFor(url: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode!)
    })
      .on('error', reject)
      .end()
  })
}

test('the page runs its own scripts only, and a name is text', async () => {
  const live = await start()
  const html = await (await fetch(live.url)).text()
  expect(html).not.toContain('<script>alert')
  expect(html).toMatch(/script-src (&#39;sha256-[\w+/=]+&#39; ?){2};/)
})

test('whoever comes late is told of the past, and of the end', async () => {
  const live = await start()
  live.ended({
    kind: 'turn',
    session: 0,
    turn: 0,
    scenario: 0,
    intendedAtMs: 0,
    sentAtMs: 100,
    firstTokenAtMs: 300,
    endedAtMs: 600,
    tokens: 3,
    outcome: 'completed',
    errorKind: 'none',
    status: 200,
  })
  live.show(progress)
  const events = await fetch(`${live.url}events`)
  await live.close()
  const text = await events.text()
  const update = JSON.parse(/event: update\ndata: (.*)/.exec(text)![1]!) as unknown
  expect(update).toMatchObject({
    point: { atMs: 1000, level: 5, inFlight: 1, turnsPerSecond: 10, errorsPerSecond: 1 },
    unanswered: 1,
    objectives: [{ text: 'turn p95 < 1s', word: 'undecided' }],
  })
  expect(text).toMatch(/^event: begin\n/)
  expect(text).toMatch(/event: end/)
})

test('other names for this address, other methods and other places are refused', async () => {
  const live = await start()
  expect(await statusFor(live.url, new URL(live.url).host)).toBe(200)
  expect(await statusFor(live.url, 'evil.example')).toBe(421)
  expect((await fetch(live.url, { method: 'POST' })).status).toBe(405)
  expect((await fetch(`${live.url}other`)).status).toBe(404)
})

test('a port that is taken is told with the flag that named it', async () => {
  const live = await start()
  const port = Number(new URL(live.url).port)
  const silent = { note: () => {} }
  await expect(openLivePage(port, loadWorkload({}), silent)).rejects.toMatchObject({
    message: `--live ${port}: something already listens there`,
    exitCode: 104,
  })
})

test('a reader that reads nothing is let go instead of being kept what it leaves', async () => {
  const live = await start()
  const { host, hostname, port } = new URL(live.url)
  const socket = connect(Number(port), hostname)
  socket.write(`GET /events HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
  await once(socket, 'readable')
  // Not read further: what the two sockets hold of it fills, and then the page's own memory would.
  for (let i = 0; i < 30_000; i++) live.show(progress)
  const closed = once(socket, 'close')
  socket.on('error', () => {}).resume()
  await closed
})
