import { formatBytes, formatCount } from './figure-text.ts'
import { theilSen } from '../stats/theil-sen.ts'
import type { ObjectiveResult } from './summary.ts'

/** One look at the server, and how many sessions were closed by then. */
export interface SoakSample {
  readonly closed: number
  readonly rssBytes: number
  readonly sockets?: number
  readonly openFiles?: number
}

/** What a closed session may leave behind and still be called nothing. */
export interface SoakLimits {
  readonly memoryBytes: number
  /** Sockets, and open files: one in so many sessions. */
  readonly descriptors: number
}

export type SoakVerdict = 'leak' | 'none' | 'cannot tell'

/** What a closed session leaves behind of one thing. */
export interface SoakResource {
  readonly name: 'memory' | 'sockets' | 'open files'
  readonly unit: 'bytes' | 'count'
  /** A closed session, with its 95 % interval; absent where there was too little to see. */
  readonly slope?: number
  readonly low?: number
  readonly high?: number
  readonly limit: number
  readonly verdict: SoakVerdict
}

export interface SoakSummary {
  /** Closed while it was looked at. */
  readonly sessions: number
  readonly looks: number
  readonly resources: readonly SoakResource[]
  /** Of all together: one that leaks is enough, and what cannot be told is not none. */
  readonly verdict: SoakVerdict
}

/** The troughs of the sawtooth: a collector leaves its garbage lie until it comes by. */
const blocks = 20
const fewestSessions = 100
/** A server that leaks nothing still grows by so much until its collector has seen it all: in bytes, or of its size. */
const leastGrowth = { bytes: 10e6, share: 0.1 }
/** Sockets or files that are there one moment and gone the next. */
const leastDescriptors = 5

/** What the server keeps for each session that is over. */
export function soakOf(samples: readonly SoakSample[], limits: SoakLimits): SoakSummary {
  const { memoryBytes, descriptors } = limits
  const watched: Watched[] = [
    { name: 'memory', unit: 'bytes', limit: memoryBytes, of: ({ rssBytes }) => rssBytes },
    { name: 'sockets', unit: 'count', limit: descriptors, of: ({ sockets }) => sockets },
    { name: 'open files', unit: 'count', limit: descriptors, of: ({ openFiles }) => openFiles },
  ]
  const resources = watched.flatMap((each) => resourceOf(each, samples) ?? [])
  const verdicts = new Set(resources.map(({ verdict }) => verdict))
  return {
    sessions: (samples.at(-1)?.closed ?? 0) - (samples[0]?.closed ?? 0),
    looks: samples.length,
    resources,
    verdict: verdicts.has('leak') ? 'leak' : verdicts.has('cannot tell') ? 'cannot tell' : 'none',
  }
}

/** Each thing as an objective: what is not known to hold, nor to be missed, is undecided. */
export function soakObjectives({ resources }: SoakSummary): ObjectiveResult[] {
  return resources.map(({ name, unit, slope, low, high, limit, verdict }) => ({
    text: `${name} left by a closed session < ${unit === 'bytes' ? formatBytes(limit) : formatCount(limit)}`,
    ...(slope === undefined ? {} : { value: slope, low: low!, high: high! }),
    limit,
    unit,
    pass: { leak: false, none: true, 'cannot tell': 'undecided' as const }[verdict],
  }))
}

/** One thing that is looked at; `of` is undefined where the system does not tell it. */
interface Watched extends Pick<SoakResource, 'name' | 'unit' | 'limit'> {
  readonly of: (sample: SoakSample) => number | undefined
}

function resourceOf(
  { name, unit, limit, of }: Watched,
  samples: readonly SoakSample[],
): SoakResource | undefined {
  const points = samples.flatMap((sample) => {
    const y = of(sample)
    return y === undefined ? [] : [{ x: sample.closed, y }]
  })
  // Where the system does not tell.
  if (points.length === 0 && samples.length > 0) return undefined
  const closed = (points.at(-1)?.x ?? 0) - (points[0]?.x ?? 0)
  const whole = closed < fewestSessions ? undefined : theilSen(troughs(points))
  const later = whole && theilSen(troughs(points.slice(points.length >> 1)))
  if (!whole || !later) return { name, unit, limit, verdict: 'cannot tell' }
  // A server that has just begun grows until it has what it needs. What goes on growing just as much is a leak.
  const grown = whole.low * closed
  const isSeen =
    unit === 'bytes'
      ? grown > Math.max(leastGrowth.bytes, leastGrowth.share * points[0]!.y)
      : grown > leastDescriptors
  if (isSeen && whole.low > limit && later.low > limit)
    return { name, unit, limit, ...whole, verdict: 'leak' }
  const flat = [whole, later].find(({ high }) => high < limit)
  return { name, unit, limit, ...(flat ?? later), verdict: flat ? 'none' : 'cannot tell' }
}

interface Point {
  readonly x: number
  readonly y: number
}

/** The lowest point of each block. */
function troughs(points: readonly Point[]): Point[] {
  const size = Math.max(1, points.length / blocks)
  return Array.from({ length: Math.min(blocks, points.length) }, (_, i) =>
    points
      .slice(Math.floor(i * size), Math.floor((i + 1) * size))
      .reduce((lowest, point) => (point.y < lowest.y ? point : lowest)),
  )
}
