import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { LiveState } from '../load/live-state.ts'
import type { LoadProgress } from '../load/run-load.ts'
import { cleanText } from '../report/clean.ts'
import { livePage } from '../report/html/live-page.ts'
import { objectiveValue, objectiveWord } from '../report/objective-lines.ts'
import type { MeasuredSink } from '../result/records.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'
import type { Io } from './io.ts'

/** A page on this machine that shows a run while it goes on. */
export interface LivePage {
  readonly url: string
  /** Another run begins: a probe of a search, or the only one. */
  begin(): void
  readonly ended: MeasuredSink
  show(progress: LoadProgress): void
  close(): Promise<void>
}

/** What a reader who comes late is told of the past. */
const mostKept = 2000

/** A reader that leaves more than this unread, such as a tab that sleeps, is let go; it asks again when it wakes. */
const mostUnreadBytes = 1_000_000

const beginEvent = 'event: begin\ndata: {}\n\n'

const headOf = (type: string) => ({ 'content-type': type, 'cache-control': 'no-store' })

interface LivePageOptions {
  /** The users are scripts. */
  readonly scripted?: boolean
}

/**
 * Runs `use` with the page of `--live`, where it was asked for: on that port, or on a free one for `true`. `use` starts
 * what the page is to show, so that a port that is taken costs nothing; the page is closed after it.
 */
export async function withLivePage<T>(
  asked: number | true | undefined,
  workload: Workload,
  io: Pick<Io, 'note'>,
  options: LivePageOptions,
  use: (live: LivePage | undefined) => Promise<T>,
): Promise<T> {
  const live = await openLivePage(asked, workload, io, options)
  try {
    return await use(live)
  } finally {
    await live?.close()
  }
}

async function openLivePage(
  asked: number | true | undefined,
  workload: Workload,
  io: Pick<Io, 'note'>,
  options: LivePageOptions,
): Promise<LivePage | undefined> {
  if (asked === undefined) return undefined
  const port = asked === true ? 0 : asked
  const live = await startLivePage(workload, port, options).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new UserError(`--live ${port}: something already listens there`, {
      hint: 'choose another port, or write --live alone for a free one',
    })
  })
  io.note(`live: ${live.url}`)
  return live
}

/** Listens on loopback; 0 takes a free port. Only those who ask this very address are answered. */
export async function startLivePage(
  workload: Workload,
  port: number,
  options: LivePageOptions = {},
): Promise<LivePage> {
  let state = new LiveState(workload, options)
  const page = livePage({
    name: cleanText(workload.name),
    objectives: state.judged().map(({ text }) => cleanText(text)),
    isOfCalls: workload.phone?.alone,
  })
  const readers = new Set<ServerResponse>()
  let events: string[] = []
  let host = ''
  const server = createServer((request, response) => {
    // A name that was made to point here, by some other page, is not ours.
    if (request.headers.host !== host) response.writeHead(421).end()
    else if (request.method !== 'GET') response.writeHead(405).end()
    else if (request.url === '/') response.writeHead(200, headOf('text/html; charset=utf-8')).end(page)
    else if (request.url === '/events') {
      // Who was here before and lost the connection is told everything again, and must not add it to what it has.
      response.writeHead(200, headOf('text/event-stream')).write(beginEvent + events.join(''))
      readers.add(response)
      response.on('close', () => readers.delete(response))
    } else response.writeHead(404).end()
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const tell = (event: string): void => {
    for (const reader of readers)
      if (reader.writableLength > mostUnreadBytes) reader.destroy()
      else reader.write(event)
  }
  return {
    url: `http://${host}/`,
    begin() {
      state = new LiveState(workload, options)
      events = []
      tell(beginEvent)
    },
    ended: (record) => state.ended(record),
    show(progress) {
      const { objectives, ...update } = state.look(progress)
      const shown = objectives.map((objective) => ({
        text: cleanText(objective.text),
        shown: objectiveValue(objective),
        word: objectiveWord(objective),
      }))
      const event = `event: update\ndata: ${JSON.stringify({ ...update, objectives: shown })}\n\n`
      events.push(event)
      if (events.length > mostKept) events = events.filter((_, i) => i % 2 === 1)
      tell(event)
    },
    async close() {
      tell('event: end\ndata: {}\n\n')
      for (const reader of readers) reader.end()
      server.close()
      server.closeAllConnections()
    },
  }
}
