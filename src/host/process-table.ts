/** What a system tells about one process. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  /** Used by itself and by the children that it has seen end. */
  readonly cpuSeconds: number
  readonly rssBytes: number
}

/** The kernel's USER_HZ: 100 on every Linux that Node runs on. */
const ticksPerSecond = 100

/** Reads `/proc/<pid>/stat`; undefined when it is not one. The resident pages there are left to `parseResident`. */
export function parseStat(text: string): Omit<ProcessRow, 'rssBytes'> | undefined {
  // The name in parentheses may hold spaces and parentheses of its own.
  const open = text.indexOf(' (')
  const close = text.lastIndexOf(') ')
  if (open < 0 || close < open) return undefined
  const fields = text.slice(close + 2).split(' ')
  // Fields after the name: state, ppid, pgrp, ..., utime (11), stime, cutime, cstime.
  const cpuTicks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
  const row = {
    pid: Number(text.slice(0, open)),
    parent: Number(fields[1]),
    group: Number(fields[2]),
    cpuSeconds: cpuTicks / ticksPerSecond,
  }
  return Object.values(row).every(Number.isFinite) ? row : undefined
}

/** `VmRSS` of `/proc/<pid>/status` in bytes; 0 where there is none (a process that has ended). */
export function parseResident(text: string): number {
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024
}

/** Reads `ps -A -o pid=,ppid=,pgid=,rss=,time=`; lines that are not so are left out. */
export function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, rss, time] = line.trim().split(/\s+/)
    const cpuSeconds = secondsOfPsTime(time ?? '')
    if (cpuSeconds === undefined) return []
    const row = {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      rssBytes: Number(rss) * 1024,
      cpuSeconds,
    }
    return Object.values(row).every(Number.isFinite) ? [row] : []
  })
}

/** `[[days-]hours:]minutes:seconds`, the seconds with a fraction on some systems. */
function secondsOfPsTime(text: string): number | undefined {
  const match = /^(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text)
  if (!match) return undefined
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part ?? 0))
  return ((days * 24 + hours) * 60 + minutes) * 60 + seconds
}

/** The rows of a process, its descendants and whoever else is in its process group. */
export function treeOf<Row extends ProcessRow>(rows: readonly Row[], root: number): Row[] {
  const members = new Set([root])
  for (let before = 0; before < members.size;) {
    before = members.size
    for (const row of rows) if (row.group === root || members.has(row.parent)) members.add(row.pid)
  }
  return rows.filter((row) => members.has(row.pid))
}
