import type { Ora } from 'ora'
import pc from 'picocolors'
import { monotonicMs } from '../clock/now.ts'

export interface GlobalFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
  readonly details?: boolean
}

/** One line that is redrawn while a verb works; on a pipe, a line now and then. */
export interface Progress {
  update(text: string): void
  done(): void
}

/** Where a verb writes: results to stdout, everything else to stderr. */
export interface Io {
  readonly json: boolean
  readonly quiet: boolean
  /** Turns told apart in the terminal. */
  readonly details: boolean
  /** Colours on stdout. */
  readonly color: boolean
  readonly width: number
  result(text: string): void
  note(text: string): void
  progress(text: string): Progress
}

const linesBetweenMs = 5000

/** The terminal as a verb sees it. `NO_COLOR`, pipes and `--quiet` are respected. */
export function createIo(flags: GlobalFlags): Io {
  const quiet = flags.quiet ?? false
  const color = flags.color !== false && pc.isColorSupported && process.stdout.isTTY === true
  const note = (text: string): void => {
    if (!quiet) process.stderr.write(`${text}\n`)
  }
  return {
    json: flags.json ?? false,
    quiet,
    details: flags.details ?? false,
    color,
    width: Math.min(process.stdout.columns ?? 100, 110),
    result: (text) => void process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    note,
    progress: (text) => (quiet ? silent : process.stderr.isTTY ? spinner(text) : lines(text, note)),
  }
}

const silent: Progress = { update() {}, done() {} }

/** Loaded when a terminal is there to draw on: a short command is not to wait for it. */
function spinner(text: string): Progress {
  let line: Ora | undefined
  let shown: string | undefined = text
  void import('ora').then(({ default: ora }) => {
    if (shown !== undefined) line = ora({ text: shown, stream: process.stderr, discardStdin: false }).start()
  })
  return {
    update(next) {
      shown = next
      if (line) line.text = next
    },
    done() {
      shown = undefined
      line?.stop()
    },
  }
}

function lines(text: string, note: (text: string) => void): Progress {
  let lastAtMs = monotonicMs()
  note(text)
  return {
    update(next) {
      if (monotonicMs() - lastAtMs < linesBetweenMs) return
      lastAtMs = monotonicMs()
      note(next)
    },
    done() {},
  }
}
