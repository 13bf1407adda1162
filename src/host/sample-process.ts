import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, readdir, readlink } from 'node:fs/promises'
import { promisify } from 'node:util'
import { type ProcessRow, parsePs, parseResident, parseStat, treeOf } from './process-table.ts'

/** What a process and all its children have used. */
export interface ProcessSample {
  /** Since they began; what ended children used counts too. */
  readonly cpuSeconds: number
  readonly rssBytes: number
  readonly processes: number
  /** Where the system tells. */
  readonly sockets?: number
  readonly openFiles?: number
}

/** Samples a process tree: from `/proc` where there is one, else from `ps`. All zeros when it is gone. */
export async function sampleProcess(pid: number): Promise<ProcessSample> {
  return existsSync('/proc/self/stat') ? sampleProc(pid) : sampleTable(treeOf(await psRows(), pid))
}

/** All processes as `ps` lists them. */
export async function psRows(): Promise<ProcessRow[]> {
  const columns = 'pid=,ppid=,pgid=,rss=,time='
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', columns], { maxBuffer: 16_000_000 })
  return parsePs(stdout)
}

async function sampleProc(root: number): Promise<ProcessSample> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const rows = await Promise.all(names.map(async (name) => parseStat(await textOf(`/proc/${name}/stat`))))
  const found = rows.filter((row) => row !== undefined).map((row) => ({ ...row, rssBytes: 0 }))
  const tree = treeOf(found, root)
  const resident = await Promise.all(
    tree.map(async (row) => ({ ...row, rssBytes: parseResident(await textOf(`/proc/${row.pid}/status`)) })),
  )
  const files = (await Promise.all(tree.map((row) => openFiles(row.pid)))).flat()
  const sockets = files.filter((target) => target.startsWith('socket:')).length
  return { ...sampleTable(resident), sockets, openFiles: files.length }
}

function sampleTable(tree: readonly ProcessRow[]): ProcessSample {
  const sum = (of: (row: ProcessRow) => number): number => tree.reduce((total, row) => total + of(row), 0)
  return {
    cpuSeconds: sum((row) => row.cpuSeconds),
    rssBytes: sum((row) => row.rssBytes),
    processes: tree.length,
  }
}

/** A process may end between two looks at it: then there is nothing to read. */
const textOf = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

async function openFiles(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  return Promise.all(names.map((name) => readlink(`${folder}/${name}`).catch(() => '')))
}
