import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Counts what its own process holds open, and so has a process of its own. */
const alone = ['test/ten-thousand-faults.test.ts']

export default defineConfig({
  test: {
    // For what hangs, not for what is slow.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for comes late on a busy machine, and is no less right then.
    expect: { poll: { timeout: 10_000 } },
    // Threads that tests begin compile nothing twice, as those of the command line (`bin/plimsoll.js`).
    env: { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') },
    pool: 'forks',
    maxWorkers: 2,
    // Loading the same modules again for every file was nearly half of what the suite cost: files share a process.
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: alone,
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
})
