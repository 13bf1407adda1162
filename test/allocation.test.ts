import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../bench/simulate/bytes-an-event.ts', import.meta.url))

/**
 * Bytes an event, some two more than were seen: one number of 16 bytes that V8 keeps as an object, once a turn of the
 * repairman or once a call of the others, is above. What there is comes of blocks of hundreds of turns, and of looking: two
 * looks cost 90 kB; of the telephone also of quantiles that are not asked of a table. On one thread V8 compiles the same
 * code at the same event, however busy the machine is, but for a little.
 */
test.each([
  // Its runs are short, and blocks are few in them: the last code comes later.
  ['machine repairman', 50, 40, 3, 8],
  ['customer support', 150, 3, 4, 3],
  ['KV cache', 40, 35, 5, 3],
  ['fleet, depth 8', 300, 0.6, 7, 3],
  ['live output', 300, 1, 8, 3],
  ['telephone', 300, 1, 19, 3],
])(
  'what events of the %s allocate at %d (users, or calls a minute) for %d h: less than %d bytes each, at best of %d runs',
  (world, users, hours, mostBytes, runs) => {
    const args = [world, users, hours, runs].map(String)
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--single-threaded', '--no-warnings', program, ...args],
      { encoding: 'utf8' },
    )
    expect(stderr).toBe('')
    expect(Number(stdout)).toBeGreaterThanOrEqual(0)
    expect(Number(stdout)).toBeLessThan(mostBytes)
  },
)
