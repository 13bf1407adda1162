// Edge file: the HTTP library, brought when it is needed. It is a seventh of what a command takes to begin, and users over
// plain sockets do without it.
import { createRequire } from 'node:module'
import type * as undici from 'undici'

const require = createRequire(import.meta.url)

/** The library, loaded by the first who asks. */
export function httpLibrary(): typeof undici {
  return require('undici') as typeof undici
}
