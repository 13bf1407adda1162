/** One run of a simulated provider, on one core, and of the reader on the other. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { AdminStats } from '../../src/wire/admin-api.ts'
import type { Peer, StreamShape } from './peers.ts'

/** What a reader saw of the tokens that were due in its window. */
interface Read {
  readonly due: number
  readonly came: number
  /** Of those that came, by more than 20 ms. */
  readonly late: number
  /** Connections that were cut. */
  readonly broken: number
  readonly latenessP50Ms: number
  readonly latenessP99Ms: number
  /** Within this it looked again, 99 of 100 times; absent where it slept in between. */
  readonly readerP99Ms?: number
}

export interface Measured extends Read {
  readonly cpuSeconds: number
  readonly kilobytesPerStream: number
  /** Cores that the reader used: where it slept and this is near one, what is late is its own fault. */
  readonly readerCores: number
  /** How late the provider says that it was; absent where it says nothing. */
  readonly ownP99Ms?: number
}

const readerFile = fileURLToPath(new URL('reader.ts', import.meta.url))

export async function measure(
  peer: Peer,
  streams: number,
  shape: StreamShape,
  seconds: number,
): Promise<Measured> {
  const port = await freePort()
  const child = spawn('taskset', ['-c', peer.cores ?? '0', ...peer.args(shape, port)], {
    stdio: 'ignore',
    env: { ...process.env, ...peer.environment },
  })
  try {
    await untilReady(port, child)
    const idleMb = megabytesOf(child.pid!, 'VmRSS')
    const url = `http://127.0.0.1:${port}${peer.path ?? '/v1/chat/completions'}`
    const reader = startReader(url, streams, shape, seconds, peer.cores === undefined)
    await reader.next()
    await forgetLateness(port)
    const before = cpuSecondsOf(child.pid!)
    const { cores } = (await reader.next()) as { readonly cores: number }
    const cpuSeconds = cpuSecondsOf(child.pid!) - before
    const kilobytesPerStream = ((megabytesOf(child.pid!, 'VmHWM') - idleMb) * 1024) / streams
    const own = await ownLateness(port)
    const read = (await reader.next()) as Read
    return { ...read, cpuSeconds, kilobytesPerStream, readerCores: cores, ...own }
  } finally {
    const gone = once(child, 'exit')
    if (child.exitCode === null && child.kill()) await gone
  }
}

function startReader(
  url: string,
  streams: number,
  { tokens, firstMs, gapMs }: StreamShape,
  seconds: number,
  polls: boolean,
) {
  const flags = {
    url,
    streams,
    seconds,
    tokens,
    'first-ms': firstMs,
    'gap-ms': gapMs,
  }
  const reader = spawn(
    'taskset',
    [
      '-c',
      '1',
      process.execPath,
      readerFile,
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
      ...(polls ? ['--polls'] : []),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const lines = createInterface(reader.stdout)[Symbol.asyncIterator]()
  return {
    async next(): Promise<unknown> {
      const { value, done } = await lines.next()
      if (done) throw new Error('the reader ended early')
      return JSON.parse(value)
    },
  }
}

/** What it says of itself then is of calls that began in the window. */
async function forgetLateness(port: number): Promise<void> {
  const body = JSON.stringify({ runId: 'bench', seed: 1 })
  await fetch(`http://127.0.0.1:${port}/_plimsoll/reset`, { method: 'POST', body }).catch(() => undefined)
}

async function ownLateness(port: number): Promise<{ ownP99Ms?: number }> {
  const answer = await fetch(`http://127.0.0.1:${port}/_plimsoll/stats`).catch(() => undefined)
  if (!answer?.ok) return {}
  return { ownP99Ms: ((await answer.json()) as AdminStats).latenessP99Ms }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return address.port
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 300 && child.exitCode === null; i++) {
    try {
      await fetch(`http://127.0.0.1:${port}/v1/models`)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  throw new Error('the provider did not come up')
}

const clockTicks = 100
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) / clockTicks
}

function megabytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)![1]) / 1024
}
