import { InvalidArgumentError } from 'commander'
import type { LoadShape } from '../load/load-options.ts'
import type { Stages } from '../load/stages.ts'
import { parseDuration } from '../workload/units.ts'
import type { Level } from '../workload/level.ts'
import { arrivals } from './options.ts'

/**
 * `1m:10,3m:50`: 10 users after a minute, 50 three minutes later, in straight lines; `0s:50` is a jump, and a stage that
 * ends where the one before did holds. `1m:3/s` are sessions over time.
 */
export function stages(text: string): Stages {
  const read = text.split(',').map(stage)
  const of = read[0]!.of
  if (read.some((each) => each.of !== of))
    throw new InvalidArgumentError('stages are all of users, or all of sessions over time')
  if (read.every(({ durationMs }) => durationMs === 0))
    throw new InvalidArgumentError('stages take some time')
  return { of, stages: read.map(({ durationMs, target }) => ({ durationMs, target })) }
}

function stage(text: string): Stages['stages'][number] & Pick<Stages, 'of'> {
  const [time = '', target = '', ...rest] = text.split(':')
  const durationMs = parseDuration(time.trim())
  const users = Number(target)
  const isRate = target.includes('/')
  if (
    rest.length > 0 ||
    durationMs === undefined ||
    (!isRate && !(Number.isInteger(users) && users >= 0 && target !== ''))
  )
    throw new InvalidArgumentError('expected time:users or time:rate, such as 1m:10,3m:50 or 1m:3/s')
  if (!isRate) return { of: 'users', durationMs, target: users }
  return {
    of: 'sessionsPerSecond',
    durationMs,
    target: target.startsWith('0/') ? 0 : Number(arrivals(target)),
  }
}

/** Workload time from the first user to the last. */
export function lengthMs(shape: LoadShape, warmupMs: number): number {
  return shape.level
    ? warmupMs + shape.measuredMs
    : shape.stages.stages.reduce((sum, { durationMs }) => sum + durationMs, 0)
}

/** The most there is at once: what expectations are made for. */
export function highestLevel(shape: LoadShape): Level {
  if (shape.level) return shape.level
  const most = Math.max(...shape.stages.stages.map(({ target }) => target))
  return shape.stages.of === 'users' ? { users: most } : { sessionsPerSecond: most }
}
