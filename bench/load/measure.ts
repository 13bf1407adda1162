/** One run of a load tester against the bench's target, each on a core of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../../src/clock/now.ts'
import type { Client, Said, Work } from './clients.ts'

export interface TargetShape {
  readonly tokens?: number
  readonly firstMs?: number
  readonly gapMs?: number
  readonly thinkMs?: number
  /** How long each turn took is kept, to be held against what the tester says of the same turn. */
  readonly byTurn?: boolean
}

export interface Measured {
  readonly said: Said
  /** Of the whole tester, start and end included. */
  readonly cpuSeconds: number
  readonly peakRssMb: number
  /** From its start to its first message: until all users were there. */
  readonly readySeconds: number
  /** What the target saw: how late it wrote, and how long its answers took. */
  readonly target: {
    readonly lateMs: { readonly count: number; readonly p99: number }
    readonly answerMs: { readonly count: number; readonly p50: number; readonly p99: number }
    /** On the machine's monotonic clock. */
    readonly firstAskedMs: number
    /** Where it was asked for: how long each took. */
    readonly turns: readonly (readonly [session: number, turn: number, tookMs: number])[]
  }
  /** What the tester says of a turn less what the target says of the same turn; of those that the tester counts. */
  readonly errorMs: { readonly p50: number; readonly p99: number } | undefined
}

const targetFile = fileURLToPath(new URL('target.ts', import.meta.url))

export async function measure(client: Client, work: Work, shape: TargetShape = {}): Promise<Measured> {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'))
  const target = await startTarget(shape)
  try {
    const { args, env } = client.command(work, target.url, folder)
    const cpuFile = join(folder, 'cpu')
    const timed = `TIMEFORMAT='%U %S'; { time taskset -c 1 "$@" 2>${join(folder, 'stderr')}; } 2>${cpuFile}`
    const spawnedMs = monotonicMs()
    const child = spawn('bash', ['-c', timed, 'bash', ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const stdout: Buffer[] = []
    child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
    const memory = watchMemory(child)
    await once(child, 'close')
    const peakRssMb = memory.stop()
    const [user, system] = readFileSync(cpuFile, 'utf8').trim().split(' ').map(Number)
    const text = Buffer.concat(stdout).toString()
    let said: Said
    try {
      said = client.read(text)
    } catch (error) {
      const complaint = readFileSync(join(folder, 'stderr'), 'utf8').slice(-500)
      throw new Error(`${client.name} said nothing that could be read: ${text.slice(-300)} ${complaint}`, {
        cause: error,
      })
    }
    const seen = await target.stop()
    const errorMs = shape.byTurn && client.turns ? errorOf(client.turns(folder), seen.turns) : undefined
    const readySeconds = (seen.firstAskedMs - spawnedMs) / 1000
    return { said, cpuSeconds: user! + system!, peakRssMb, readySeconds, target: seen, errorMs }
  } finally {
    target.kill()
    rmSync(folder, { recursive: true, force: true })
  }
}

function errorOf(
  turns: ReturnType<NonNullable<Client['turns']>>,
  own: Measured['target']['turns'],
): Measured['errorMs'] {
  const ownMs = new Map(own.map(([session, turn, tookMs]) => [`${session}.${turn}`, tookMs]))
  const errors: number[] = []
  for (const { session, turn, tookMs } of turns) {
    const known = ownMs.get(`${session}.${turn}`)
    if (known !== undefined) errors.push(tookMs - known)
  }
  errors.sort((a, b) => a - b)
  const at = (share: number): number => errors[Math.floor(share * (errors.length - 1))]!
  return errors.length > 0 ? { p50: at(0.5), p99: at(0.99) } : undefined
}

async function startTarget(shape: TargetShape) {
  const flags = {
    '--tokens': shape.tokens ?? 200,
    '--first-ms': shape.firstMs ?? 200,
    '--gap-ms': shape.gapMs ?? 20,
    '--think-ms': shape.thinkMs ?? 0,
  }
  const args = Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)])
  if (shape.byTurn) args.push('--by-turn')
  const child = spawn('taskset', ['-c', '0', process.execPath, targetFile, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface(child.stdout)
  const nextLine = async <T>(): Promise<T> => JSON.parse(((await once(lines, 'line')) as [string])[0]) as T
  const { port } = await nextLine<{ port: number }>()
  return {
    url: `http://127.0.0.1:${port}`,
    stop() {
      const seen = nextLine<Measured['target']>()
      child.stdin.end()
      return seen
    },
    kill: () => child.kill(),
  }
}

/** The largest sum of resident memory over a process and its children. */
function watchMemory(child: ChildProcess): { stop(): number } {
  let peakKb = 0
  const timer = setInterval(() => {
    peakKb = Math.max(peakKb, residentKb(child.pid!))
  }, 200)
  return {
    stop() {
      clearInterval(timer)
      return peakKb / 1024
    },
  }
}

function residentKb(root: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      const [, parent] = /\) \S+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))!
      parents.set(pid, Number(parent))
    } catch {
      // It has ended since.
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at; at = parents.get(at)) if (at === root) return true
    return false
  }
  let sum = 0
  for (const pid of parents.keys()) {
    if (!isBelow(pid)) continue
    try {
      sum += Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      // It has ended since.
    }
  }
  return sum
}
