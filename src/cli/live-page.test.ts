import { once } from 'node:events'
import { request } from 'node:http'
import { type Socket, connect } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { loadWorkload } from '../../test/load-world.ts'
import { markup } from '../report/html/markup.ts'
import { parseObjective } from '../workload/parse-objective.ts'
import { startLivePage, withLivePage } from './live-page.ts'

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

test('what is named before the run begins is what is judged while it goes on', async () => {
  const objectives = ['itl p99 < 50ms', 'turn p95 < 1s'].map((text) => parseObjective(text))
  const statistic = { kind: 'rate' } as const
  const thresholds = [
    { text: 'checks rate > 90%', metricName: 'checks', statistic, sign: '>', limit: 0.9 } as const,
  ]
  const live = await startLivePage(loadWorkload({ objectives, thresholds }), 0, { scripted: true })
  onTestFinished(() => live.close())
  const html = await (await fetch(live.url)).text()
  const named = [...html.matchAll(/<li class="undecided">(.*?): –<\/li>/g)].map(([, text]) => text)
  live.show(progress)
  const events = await fetch(`${live.url}events`)
  await live.close()
  const [, update] = /event: update\ndata: (.*)/.exec(await events.text())!
  const judged = (JSON.parse(update!) as { objectives: { text: string }[] }).objectives
  expect(named).toEqual(judged.map(({ text }) => markup`${text}`.html))
  expect(named).toHaveLength(2)
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
  const use = vi.fn<() => Promise<void>>()
  await expect(withLivePage(port, loadWorkload({}), { note: () => {} }, {}, use)).rejects.toMatchObject({
    message: `--live ${port}: something already listens there`,
    exitCode: 104,
  })
  expect(use).not.toHaveBeenCalled()
})

test('the page is closed after its use, which may have failed', async () => {
  let url = ''
  const shown = withLivePage(true, loadWorkload({}), { note: () => {} }, {}, async (live) => {
    url = live!.url
    expect((await fetch(url)).status).toBe(200)
    throw new Error('what it showed has failed')
  })
  await expect(shown).rejects.toThrow('what it showed has failed')
  await expect(fetch(url)).rejects.toThrow()
})

test('a reader that reads nothing is let go instead of being kept what it leaves, and one that reads stays', async () => {
  const live = await start()
  const { host, hostname, port } = new URL(live.url)
  const ask = (): Socket => {
    const socket = connect(Number(port), hostname)
    socket.write(`GET /events HTTP/1.1\r\nhost: ${host}\r\n\r\n`)
    return socket
  }
  const asleep = ask()
  await once(asleep, 'readable')
  const awake = ask()
  let told = ''
  awake.setEncoding('utf8').on('data', (text: string) => (told += text))
  await expect.poll(() => told).toContain('event: begin')
  // The first is not read further: what the two sockets hold of it fills, and then the page's own memory would.
  for (let round = 1; round <= 60; round++) {
    // Less than would let the second go, which has read all of it before more is told.
    for (let i = 0; i < 500; i++) live.show(progress)
    live.show({ ...progress, atMs: round })
    await expect.poll(() => told, { interval: 1 }).toContain(`"atMs":${round},`)
    told = ''
  }
  const closed = once(asleep, 'close')
  asleep.on('error', () => {}).resume()
  await closed
  expect(awake.closed).toBe(false)
})
