import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { pause } from './edge/child-timers.ts'
import { guardGroup } from './group-guard.ts'
import { readLines } from './read-lines.ts'
import { listens, readyUrlOfLine } from './readiness.ts'
import { type ProcessSample, sampleProcess } from './sample-process.ts'

export interface ChildOptions {
  readonly command: string
  readonly args: readonly string[]
  /** What errors call it, where a shell runs what somebody wrote. Default: the command. */
  readonly called?: string
  /** The child's whole environment; this process's own where absent. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly readyTimeoutMs: number
  /** For servers that announce nothing: ready when something listens here. Else a line of JSON on stdout says so. */
  readonly readyUrl?: string
  /** What to do where something answers at `readyUrl` already, and where nothing ever does. */
  readonly hints?: { readonly taken: string; readonly silent: string }
  /** Told each line that the child prints, of either stream; of a long one its beginning. */
  readonly onLine?: (line: string) => void
  /** Gives up waiting for it to be ready: it is ended, and the signal's reason thrown. */
  readonly signal?: AbortSignal
  /** Between the request to end and the kill. */
  readonly graceMs?: number
}

export interface ChildExit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines of stderr, or of stdout where stderr is empty. */
  readonly lastLines: readonly string[]
}

/** A server that we started and that we end. */
export interface Child {
  readonly pid: number
  readonly url: string
  /** Resolves when the child has ended, whoever ended it. */
  readonly exited: Promise<ChildExit>
  /** CPU, memory and sockets of its whole process tree. */
  sample(): Promise<ProcessSample>
  /** Ends the child and its process group: asks, waits for the grace time, then kills. */
  stop(): Promise<ChildExit>
}

/** A child that did not come up: it ended, was too late, or could not be started at all. */
export class ChildError extends Error {
  readonly lastLines: readonly string[]

  constructor(message: string, lastLines: readonly string[], hint?: string) {
    const hints = hint === undefined ? [] : [`hint: ${hint}`]
    super([message, ...lastLines.map((line) => `  ${line}`), ...hints].join('\n'))
    this.lastLines = lastLines
  }
}

const linesKept = 10
const longestLine = 500
const pollMs = 50
const usualGraceMs = 5000
/** For what a child wrote just before it ended. */
const lastWordsMs = 200

/** Starts a server and resolves when it is ready; rejects with its last words when it does not come up. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { readyUrl, readyTimeoutMs } = options
  const command = options.called ?? options.command
  if (readyUrl !== undefined && (await listens(readyUrl)))
    throw new ChildError(
      `something already answers at ${readyUrl}, so «${command}» was not started`,
      [],
      options.hints?.taken,
    )
  const { child, exited, spawned, announced, lastLines, stop } = launch(options)
  if (!(await spawned)) throw new ChildError(`«${command}» cannot be started`, (await exited).lastLines)
  let settled = false
  try {
    const url = await Promise.race([
      readyUrl === undefined ? announced : untilListening(readyUrl, () => settled),
      exited.then((exit) => {
        throw new ChildError(`«${command}» ended before it was ready (${howItEnded(exit)})`, exit.lastLines)
      }),
      pause(readyTimeoutMs).then(() => {
        throw new ChildError(
          `«${command}» was not ready after ${readyTimeoutMs / 1000} s${readyUrl === undefined ? '' : `: nothing answers at ${readyUrl}`}`,
          lastLines(),
          options.hints?.silent,
        )
      }),
      ...(options.signal ? [whenAborted(options.signal)] : []),
    ])
    return {
      pid: child.pid!,
      url,
      exited,
      sample: () => sampleProcess(child.pid!),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  } finally {
    settled = true
  }
}

interface Launched {
  readonly child: ChildProcess
  /** Whether there is a process at all. */
  readonly spawned: Promise<boolean>
  readonly exited: Promise<ChildExit>
  readonly announced: Promise<string>
  readonly lastLines: () => string[]
  readonly stop: () => Promise<ChildExit>
}

function launch(options: ChildOptions): Launched {
  // A group of its own, so that a shell's children end with it; an open stdin that closes when we are gone.
  const child = spawn(options.command, options.args, {
    env: options.env ?? process.env,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  })
  child.stdin.on('error', () => {})
  const errors = keepLines(child.stderr, options.onLine)
  let announce!: (url: string) => void
  const announced = new Promise<string>((resolve) => (announce = resolve))
  const output = keepLines(child.stdout, (line) => {
    const url = readyUrlOfLine(line)
    if (url !== undefined) announce(url)
    options.onLine?.(line)
  })
  const lastLines = (): string[] => [...(errors.length > 0 ? errors : output)]
  const killGroup = (signal: NodeJS.Signals): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, signal)
    } catch {
      // Nobody is left in the group.
    }
  }
  // Servers of our own see their stdin close when we are gone; those of others need somebody who sees it for them.
  const unguard =
    options.readyUrl !== undefined && child.pid !== undefined ? guardGroup(child.pid) : (): void => {}
  const atOurEnd = (): void => killGroup('SIGKILL')
  process.once('exit', atOurEnd)
  const exited = new Promise<ChildExit>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null): void => {
      process.off('exit', atOurEnd)
      unguard()
      resolve({ code, signal, lastLines: lastLines() })
    }
    child.once('exit', (code, signal) => {
      // Whoever it left behind goes too, now, while the group's id is still its own.
      killGroup('SIGKILL')
      void Promise.race([once(child, 'close'), pause(lastWordsMs)]).then(() => end(code, signal))
    })
    child.once('error', (error) => {
      errors.push(error.message)
      if (child.pid === undefined) end(null, null)
    })
  })
  const spawned = new Promise<boolean>((resolve) => {
    child.once('spawn', () => resolve(true))
    child.once('error', () => resolve(child.pid !== undefined))
  })
  return { child, spawned, exited, announced, lastLines, stop: () => end(killGroup, child, exited, options) }
}

async function end(
  killGroup: (signal: NodeJS.Signals) => void,
  child: ChildProcess,
  exited: Promise<ChildExit>,
  { graceMs = usualGraceMs }: ChildOptions,
): Promise<ChildExit> {
  if (child.exitCode !== null || child.signalCode !== null) return exited
  child.stdin?.end()
  killGroup('SIGTERM')
  const ended = await Promise.race([exited, pause(graceMs)])
  if (!ended) killGroup('SIGKILL')
  return exited
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const giveUp = (): void => reject(signal.reason as Error)
    if (signal.aborted) giveUp()
    else signal.addEventListener('abort', giveUp, { once: true })
  })
}

function keepLines(stream: NodeJS.ReadableStream, onLine?: (line: string) => void): string[] {
  const kept: string[] = []
  readLines(stream, longestLine, (line) => {
    kept.push(line)
    if (kept.length > linesKept) kept.shift()
    onLine?.(line)
  })
  return kept
}

async function untilListening(url: string, stop: () => boolean): Promise<string> {
  while (!stop()) {
    if (await listens(url)) return url
    await pause(pollMs)
  }
  return url
}

function howItEnded({ code, signal }: ChildExit): string {
  return signal === null ? `exit code ${code}` : `signal ${signal}`
}
