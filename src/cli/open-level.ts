import { formatCount, formatMs } from '../result/figure-text.ts'
import { recordedPerSecond, type TraceArrivals } from '../workload/arrivals.ts'
import type { Level } from '../workload/level.ts'
import type { Workload } from '../workload/workload.ts'
import { UserError } from './exit-codes.ts'

/** The level of `--arrivals`; `trace` is the rate at which the file's trace was recorded, so that instants are its own. */
export function openLevel({ users }: Workload, arrivals: number | 'trace'): Level {
  if (arrivals !== 'trace') return { sessionsPerSecond: arrivals }
  if (users.arrivals?.kind !== 'trace')
    throw new UserError('--arrivals trace, but the file names no trace', {
      hint: 'users: { arrivals: { trace: file.csv, at: COLUMN } }',
    })
  return { sessionsPerSecond: recordedPerSecond(users.arrivals) }
}

/** What the algebra makes of the file's arrivals. */
export function solvedArrivalNotes({ users }: Workload, level: Level): string[] {
  const { arrivals, peak } = users
  if ('users' in level) return closedNotes(users)
  const notes: string[] = []
  if (arrivals?.kind === 'trace') notes.push(heldNote(arrivals))
  if (arrivals)
    notes.push(
      `users.arrivals, ${arrivals.text}: the wait is stretched by how far the gaps vary (Allen and Cunneen), which is an approximation, too low in bursts; simulate plays them.`,
    )
  if (peak.day) notes.push('users.peak.day: solved for the busiest hour, as if it lasted.')
  return notes
}

/** What the file says of arrivals and the level leaves out or changes. */
export function arrivalNotes({ users }: Workload, level: Level, lastMs: number): string[] {
  const { arrivals, peak } = users
  const notes: string[] = []
  if ('users' in level) return closedNotes(users)
  if (arrivals?.kind === 'trace') notes.push(...traceNotes(arrivals, level.sessionsPerSecond, lastMs))
  if (peak.day)
    notes.push('users.peak.day: time begins at midnight, and the rate is that of the busiest hour.')
  return notes
}

function traceNotes(trace: TraceArrivals, rate: number, lastMs: number): string[] {
  const notes = [heldNote(trace)]
  const recorded = recordedPerSecond(trace)
  const factor = rate / recorded
  if (Math.abs(factor - 1) > 1e-9)
    notes.push(
      `the trace was recorded at ${Number(recorded.toPrecision(3))} sessions/s: its gaps are ${factor > 1 ? 'divided' : 'multiplied'} by ${Number(Math.max(factor, 1 / factor).toPrecision(3))}.`,
    )
  const rounds = (lastMs * factor) / trace.periodMs
  if (rounds > 1.0001) notes.push(`the trace is played ${Number(rounds.toPrecision(2))} times over.`)
  return notes
}

function heldNote({ atMs, takenAsMs }: TraceArrivals): string {
  const held = `the trace holds ${formatCount(atMs.length)} sessions in ${formatMs(atMs.at(-1))}`
  if (!takenAsMs) return `${held}.`
  return `${held}: its plain numbers are read as milliseconds; --set users.arrivals.unit=s where they are seconds.`
}

/** Users at once do not arrive. */
function closedNotes({ arrivals, peak }: Workload['users']): string[] {
  const notes: string[] = []
  if (arrivals)
    notes.push(
      'users.arrivals is of sessions that arrive at a rate (--arrivals): of users at once it says nothing.',
    )
  if (peak.day)
    notes.push(
      'users.peak.day: the users are those of the busiest hour, all the time; --arrivals follows the day.',
    )
  return notes
}
