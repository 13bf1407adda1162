import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, isAbsolute, join } from 'node:path'
import type { Capacity } from '../result/capacity.ts'
import type { Run } from '../result/run.ts'
import type { Summary } from '../result/summary.ts'
import { every } from './edge/every.ts'
import { createRecordStore, type RecordStore } from './record-store.ts'
import { redact } from './redact.ts'

/** The files of a run, by what they hold. */
export const runFiles = {
  run: 'run.json',
  summary: 'summary.json',
  records: 'records.sqlite',
  report: 'report.html',
} as const

/** `summary.json`: the one summary of a single-level run, or all the answers of a find. */
export type SummaryFile =
  | Summary
  | { readonly summaries: readonly Summary[]; readonly capacities: readonly Capacity[] }

export interface RunFolderOptions {
  readonly root?: string
  readonly name: string
  readonly startedAt: Date
}

/**
 * The folder that a run leaves behind. Each file is replaced whole, so a reader never sees half of one; records are
 * written as they come, so that a killed process loses half a second of them.
 */
export interface RunFolder {
  readonly path: string
  readonly reportPath: string
  readonly records: RecordStore
  /** Hosts, tokens and headers are taken out before anything is written. */
  writeRun(run: Run): void
  writeSummary(summary: SummaryFile): void
  writeReport(html: string): void
  close(): void
}

const flushEveryMs = 500

/** Makes `runs/<time>-<name>/`; a second run of the same second gets a number of its own. */
export function createRunFolder(options: RunFolderOptions): RunFolder {
  const root = options.root ?? 'runs'
  const path = makeFolder(root, `${timeStamp(options.startedAt)}-${safeName(options.name)}`)
  const records = createRecordStore(join(path, runFiles.records))
  const stopFlushing = every(flushEveryMs, () => records.flush())
  return {
    path,
    reportPath: join(path, runFiles.report),
    records,
    writeRun: (run) => replaceFile(join(path, runFiles.run), toJson(redact(withoutFolders(run)))),
    writeSummary: (summary) => replaceFile(join(path, runFiles.summary), toJson(redact(summary))),
    writeReport: (html) => replaceFile(join(path, runFiles.report), html),
    close() {
      stopFlushing()
      records.close()
    },
  }
}

/** Letters, digits and hyphens only: safe on every file system and in every shell. */
export function safeName(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const hyphenated = plain.replace(/[^a-z0-9]+/g, '-').slice(0, 60)
  return hyphenated.replace(/^-+|-+$/g, '') || 'run'
}

function timeStamp(startedAt: Date): string {
  return startedAt.toISOString().slice(0, 19).replaceAll(':', '-')
}

function makeFolder(root: string, name: string): string {
  makeAll(root)
  for (let ordinal = 1; ; ordinal += 1) {
    const path = join(root, ordinal === 1 ? name : `${name}-${ordinal}`)
    try {
      mkdirSync(path)
      return path
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
}

/** Not `recursive`: where a file system refuses a name as missing, as /proc does, that never ends. */
function makeAll(path: string): void {
  try {
    mkdirSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    makeAll(dirname(path))
    mkdirSync(path)
  }
}

/** Folders of this machine say who ran it; the name of the file is enough. */
function withoutFolders(run: Run): Run {
  const { file } = run.workload
  if (file === undefined || !isAbsolute(file)) return run
  return { ...run, workload: { ...run.workload, file: basename(file) } }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function replaceFile(path: string, content: string): void {
  writeFileSync(`${path}.new`, content)
  renameSync(`${path}.new`, path)
}
