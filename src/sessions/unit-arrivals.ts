import { lengthBiased } from '../stats/length-biased.ts'
import type { Arrivals, RenewalArrivals, TraceArrivals } from '../workload/arrivals.ts'

/** The uniform of a session's arrival; the second one is for what is left of a gap that is under way. */
export type ArrivalDraw = (session: number, residual: boolean) => number

/** Arrival instants of a process of rate 1, by session. */
export function unitArrivals(arrivals: Arrivals | undefined, draw: ArrivalDraw): (session: number) => number {
  if (arrivals?.kind === 'trace') return (session) => recorded(arrivals, session)
  const gap = arrivals ? gapsOf(arrivals, draw) : (session: number) => -Math.log(draw(session, false))
  const instants: number[] = []
  return (session) => {
    for (let i = instants.length; i <= session; i++) instants.push((instants[i - 1] ?? 0) + gap(i))
    return instants[session]!
  }
}

/** The first gap is under way at time 0, so that the rate is 1 from the start on. */
function gapsOf({ gap }: RenewalArrivals, draw: ArrivalDraw): (session: number) => number {
  const metGap = lengthBiased(gap)
  return (session) =>
    session === 0 ? metGap(draw(0, false)) * draw(0, true) : gap.quantile(draw(session, false))
}

/** When a trace is over it begins again. */
function recorded({ atMs, periodMs }: TraceArrivals, session: number): number {
  const rows = atMs.length
  const round = Math.floor(session / rows)
  return (round + atMs[session - round * rows]! / periodMs) * rows
}
