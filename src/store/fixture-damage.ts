import { readFileSync, writeFileSync } from 'node:fs'

/** SQLite's own choice. */
const pageBytes = 4096

/** Spoils a database of more pages than 16 from there on. */
export function damage(path: string): void {
  writeFileSync(path, readFileSync(path).fill(0xff, pageBytes * 16))
}
