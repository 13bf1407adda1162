import type { Capacity, ProbeResult } from '../result/capacity.ts'
import { levelValue } from '../workload/level.ts'
import { type Boundary, firstToBreak } from './boundary.ts'
import { type Bracket, bracketOf } from './bracket.ts'

/** Trials this close to the answer, as a ratio, carry it. */
const nearby = 1.15

/** What trials at several loads say together. */
export function capacityOf(
  probes: readonly ProbeResult[],
  { open, headroom }: { readonly open: boolean; readonly headroom: number },
): Capacity {
  const all = probes.toSorted((a, b) => loadOf(a) - loadOf(b))
  const kept = usableOf(all)
  const sorted = kept.map(trusted)
  const bracket = bracketAmong(sorted)
  const boundary = boundaryIn(sorted, bracket)
  // What was not tried is not promised; a crossing at a whole user must not lose one to rounding.
  const raw = Math.min(boundary?.value ?? bracket.low, Math.max(0, ...sorted.map(loadOf)))
  const value = open ? raw : Math.floor(raw + 1e-6)
  const unbounded = !boundary && bracket.low > 0 && sorted.every(({ pass }) => pass !== false)
  const broken = sorted.find((probe) => probe.pass === false && loadOf(probe) >= value)
  const binding = (broken ?? sorted.at(-1))?.summary.services?.find((service) => service.binding)
  const brokenBy = boundary?.objective ?? broken?.summary.objectives.find(({ pass }) => pass === false)?.text
  const invalid = reasonsAgainst(kept, bracket, value)
  return {
    origin: probes[0]?.summary.origin ?? 'simulated',
    level: open ? { sessionsPerSecond: value } : { users: value },
    ...callsOf(kept, value),
    ...intervalOf(boundary),
    ...(unbounded ? { unbounded } : {}),
    runAt: open ? value * headroom : Math.floor(value * headroom),
    ...(boundary?.shape ? { boundary: boundary.shape } : {}),
    ...(brokenBy === undefined ? {} : { brokenBy }),
    ...(binding ? { bottleneck: { service: binding.name, limit: binding.limit, unit: binding.unit } } : {}),
    probes: all,
    ...(invalid.length > 0 ? { invalid } : {}),
  }
}

/** How long a call is on the line: of all that were offered in trials up to just beyond `value`, else in any. */
function callsOf(probes: readonly ProbeResult[], value: number): Pick<Capacity, 'phone'> {
  const ofCalls = probes.filter(({ summary }) => summary.phone && summary.window)
  const near = ofCalls.filter((probe) => loadOf(probe) <= value * nearby)
  let [upMs, offered] = [0, 0]
  for (const { summary } of near.length > 0 ? near : ofCalls) {
    upMs += summary.phone!.active.mean * summary.window!.measuredMs
    offered += summary.phone!.calls.offered
  }
  return ofCalls.length === 0 ? {} : { phone: { heldMs: offered > 0 ? upMs / offered : 0 } }
}

const loadOf = ({ level }: ProbeResult): number => levelValue(level)

/** Trials in which the generator kept up, where they have the boundary between them; else there are only all. */
function usableOf(sorted: readonly ProbeResult[]): readonly ProbeResult[] {
  const valid = sorted.filter(({ summary }) => summary.generator?.valid !== false)
  const { low, high } = bracketAmong(valid)
  return low > 0 && high < Infinity ? valid : sorted
}

/** The trial as if its generator had kept up: the best answer there is, which then says that it must not be used. */
function trusted(probe: ProbeResult): ProbeResult {
  const { generator: _, ...summary } = probe.summary
  return { ...probe, summary }
}

const bracketAmong = (probes: readonly ProbeResult[]): Bracket =>
  bracketOf(probes.map((probe) => ({ level: loadOf(probe), pass: probe.pass })))

/** The boundary that the trials show, rather than one that a line has beyond all of them. */
function boundaryIn(sorted: readonly ProbeResult[], { high }: Bracket): Boundary | undefined {
  const boundary = firstToBreak(sorted)
  const failsAlone = high <= 1 && 'users' in sorted[0]!.level && sorted.every(({ pass }) => pass !== true)
  if (!boundary || failsAlone) return undefined
  const isBeyond = high === Infinity && boundary.value > loadOf(sorted.at(-1)!)
  return isBeyond ? undefined : boundary
}

function intervalOf(boundary: Boundary | undefined): Pick<Capacity, 'low' | 'high' | 'covers'> {
  if (!boundary) return {}
  const { fit, low, high, sure } = boundary
  if (fit) return { low: fit.low, high: fit.high, covers: '95 % of samples' }
  if (low === 0 || high === Infinity) return {}
  const [least, most] = [sure.low || low, sure.high === Infinity ? high : sure.high]
  return {
    low: Math.min(low, least),
    high: Math.max(high, most),
    covers: 'the step from the load that held to the one that did not',
  }
}

/** Why the answer must not be used. */
function reasonsAgainst(sorted: readonly ProbeResult[], { low, high }: Bracket, value: number): string[] {
  if (sorted.length > 0 && sorted.every(({ pass }) => pass === 'undecided'))
    return ['no trial saw enough turns to decide: measure for longer', ...reasonsOf(sorted)]
  return reasonsOf(
    sorted.filter((probe) => {
      const load = loadOf(probe)
      return load === low || load === high || (load <= value * nearby && load >= value / nearby)
    }),
  )
}

/** Each kind of reason once, in the words of the trial where it was worst. */
function reasonsOf(probes: readonly ProbeResult[]): string[] {
  const worst = new Map<string, string>()
  for (const { summary } of probes) {
    if (summary.generator?.valid !== false) continue
    for (const reason of summary.generator.reasons) {
      const kind = reason.replaceAll(/[\d.,]+/g, '#')
      const known = worst.get(kind)
      if (known === undefined || figureOf(reason) > figureOf(known)) worst.set(kind, reason)
    }
  }
  return [...worst.values()]
}

/** The first figure after the statistic's own: `... at p99: 410 ms ...`. */
function figureOf(reason: string): number {
  return Number(/(?:^|[^p\d.])(\d+(?:\.\d+)?)/.exec(reason)?.[1] ?? 0)
}
