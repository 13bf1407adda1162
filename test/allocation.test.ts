import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../bench/simulate/bytes-an-event.ts', import.meta.url))

/**
 * Less than one number of 16 bytes that V8 keeps as an object. What there is comes of blocks of hundreds of turns, of calls
 * and of turns, not of events. On one thread V8 compiles the same code at the same event, however busy the machine is.
 */
const mostBytesAnEvent = 10

test.each([
  ['machine repairman', 50, 40],
  ['customer support', 150, 3],
])('no event of the %s allocates anything', (world, users, hours) => {
  const args = ['--single-threaded', '--no-warnings', program, world, String(users), String(hours), '3']
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(Number(stdout)).toBeGreaterThanOrEqual(0)
  expect(Number(stdout)).toBeLessThan(mostBytesAnEvent)
})
