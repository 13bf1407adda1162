import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a thread that runs the module `source`, named as in a checkout (`.ts`); the built package has a `.js` in its
 * place. What the thread compiles is kept where this process keeps its own: a thread does not inherit that, and compiling
 * is most of what it costs to begin one.
 */
export function startThread(source: URL, options: WorkerOptions = {}): Worker {
  const entry = import.meta.url.endsWith('.ts') ? source : new URL(source.href.replace(/\.ts$/, '.js'))
  const kept = getCompileCacheDir()
  // The folder itself holds one for each version of Node.
  const env = kept === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(kept) }
  return new Worker(entry, { ...options, env })
}
