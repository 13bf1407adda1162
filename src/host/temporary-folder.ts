import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for this process's own files. What processes of this machine left behind when they were killed goes now. */
export function temporaryFolder(): string {
  for (const name of readdirSync(tmpdir())) if (isLeft(name)) remove(join(tmpdir(), name))
  return mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
}

/** Containers that share a folder have processes of the same ids. Short, since a socket's path may not be long. */
const prefix = `plimsoll-${createHash('sha256').update(hostname()).digest('hex').slice(0, 6)}-`

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

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch {
    // Another user's.
  }
}
