import type { Probe } from '../find/runner.ts'

/** Throws a `RangeError` for a probe that cannot be simulated: a mistake of a library's caller, as flags are checked before. */
export function requireProbe({ level, seed, warmupMs, measuredMs }: Probe): void {
  // In an untyped program it may be missing.
  if (typeof level !== 'object' || level === null)
    requireThat(false, 'level', level, '{ users } or { sessionsPerSecond }')
  const isOne = !('users' in level && 'sessionsPerSecond' in level)
  requireThat(isOne, 'level', 'both', '{ users } or { sessionsPerSecond }')
  if ('users' in level)
    requireThat(
      Number.isInteger(level.users) && level.users >= 1,
      'level.users',
      level.users,
      'a whole number, at least 1',
    )
  else
    requireThat(
      level.sessionsPerSecond > 0 && level.sessionsPerSecond < Infinity,
      'level.sessionsPerSecond',
      level.sessionsPerSecond,
      'above 0',
    )
  requireThat(Number.isInteger(seed), 'seed', seed, 'a whole number')
  requireThat(warmupMs >= 0 && warmupMs < Infinity, 'warmupMs', warmupMs, 'at least 0 milliseconds')
  requireThat(measuredMs > 0 && measuredMs < Infinity, 'measuredMs', measuredMs, 'above 0 milliseconds')
}

function requireThat(isSo: boolean, name: string, value: number | string, expected: string): void {
  if (!isSo) throw new RangeError(`simulate: ${name} is ${value}, and should be ${expected}`)
}
