import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for this process's own files. What processes of this machine left behind when they were killed goes now. */
export function temporaryFolder(): string {
  for (const name of orElse([], () => readdirSync(tmpdir()))) if (isLeft(name)) remove(join(tmpdir(), name))
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
}

/** Containers that share a folder have processes of the same ids, those of one pod a host name, too. */
const machine = hostname() + orElse('', () => readlinkSync('/proc/self/ns/pid'))
/** Short, since a socket's path may not be long. */
const prefix = `plimsoll-${createHash('sha256').update(machine).digest('hex').slice(0, 6)}-`

function isLeft(name: string): boolean {
  const [, id] = (name.startsWith(prefix) && /^(\d+)-\w+$/.exec(name.slice(prefix.length))) || []
  return id !== undefined && !isAlive(Number(id))
}

function isAlive(id: number): boolean {
  try {
    process.kill(id, 0)
    return true
  } catch (error) {
    // Another user's process may not be asked, but it is there.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** It may be another user's. */
const remove = (folder: string): void =>
  orElse(undefined, () => rmSync(folder, { recursive: true, force: true }))

/** What may not be looked at, or is not there on this system, is passed over. */
function orElse<T>(other: T, attempt: () => T): T {
  try {
    return attempt()
  } catch {
    return other
  }
}
